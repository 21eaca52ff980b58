using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SessionWeb.IntegrationTests.Library;

public sealed class RedisDownTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_redis_causes_503_and_keeps_the_session()
    {
        await redis.SyncEveryWriteAsync();
        await using var app = await PlainApp.StartAsync(redis.Configuration);
        var cookie = await app.SignInAsync("alice");

        redis.Kill();
        try
        {
            await AssertUnavailableAsync(app, cookie);
            Assert.Equal("anonymous", await app.WhoAsync(null));
        }
        finally
        {
            await redis.StartAsync();
        }
        await Wait.UntilAsync(async () => await app.WhoAsync(cookie) == "alice", "the session is valid again");
    }

    [Fact]
    public async Task Frozen_redis_causes_503()
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration);
        var cookie = await app.SignInAsync("alice");

        redis.Suspend();
        try
        {
            await AssertUnavailableAsync(app, cookie);
        }
        finally
        {
            redis.Resume();
        }
        await Wait.UntilAsync(async () => await app.WhoAsync(cookie) == "alice", "the session is valid again");
    }

    [Fact]
    public async Task App_started_without_redis_returns_503_until_it_is_available()
    {
        redis.Kill();
        PlainApp app;
        try
        {
            app = await PlainApp.StartAsync(redis.Configuration, waitUntilReady: false);
            // Anonymous requests fail too, because forms need the key ring.
            Assert.StartsWith("503", await app.WhoAsync(null), StringComparison.Ordinal);
        }
        finally
        {
            await redis.StartAsync();
        }
        await using (app)
        {
            await Wait.UntilAsync(async () => await app.WhoAsync(null) == "anonymous", "the app accepts requests");
            await Wait.UntilAsync(
                async () =>
                {
                    using var response = await app.PostAsync("/in?name=alice");
                    return response.IsSuccessStatusCode;
                },
                "users can sign in, once the node follows the revocation log");
            Assert.Equal("alice", await app.WhoAsync(await app.SignInAsync("alice")));
        }
    }

    [Theory]
    [InlineData("no error handling")]
    [InlineData("developer exception page")]
    [InlineData("custom error page")]
    public async Task B17_Sign_in_without_redis_returns_503(string errorHandling)
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration, pipeline: app =>
        {
            if (errorHandling == "developer exception page")
                app.UseDeveloperExceptionPage();
            if (errorHandling == "custom error page")
            {
                app.UseExceptionHandler(
                    error => error.Run(context => context.Response.WriteAsync("custom error page")));
            }
        });
        redis.Kill();
        try
        {
            using var page = await app.PostAsync("/in?name=alice");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(2), page.Headers.RetryAfter!.Delta);
            Assert.False(page.Headers.Contains("Set-Cookie"));
            var text = await page.Content.ReadAsStringAsync(Cancel);
            Assert.Equal(
                errorHandling == "custom error page"
                    ? errorHandling
                    : "The session store is unavailable. Try again in a few seconds.",
                text);

            using var api = await app.PostAsync("/api/in?name=alice");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, api.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(2), api.Headers.RetryAfter!.Delta);
            Assert.Equal("""{"error":"session_store_unavailable"}""", await api.Content.ReadAsStringAsync(Cancel));
        }
        finally
        {
            await redis.StartAsync();
        }
    }

    private static async Task AssertUnavailableAsync(PlainApp app, string cookie)
    {
        using var page = await app.GetAsync("/who", cookie);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), page.Headers.RetryAfter!.Delta);
        Assert.False(page.Headers.Contains("Set-Cookie"));
        Assert.Contains(
            "You are still signed in", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        using var api = await app.GetAsync("/api/who", cookie);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, api.StatusCode);
        Assert.Equal("""{"error":"session_store_unavailable"}""", await api.Content.ReadAsStringAsync(Cancel));

        using var signOut = await app.PostAsync("/out", cookie);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, signOut.StatusCode);
        Assert.False(signOut.Headers.Contains("Set-Cookie"));
    }
}
