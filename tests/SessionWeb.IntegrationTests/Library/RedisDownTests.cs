using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SessionWeb.IntegrationTests.Library;

public sealed class RedisDownTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_redis_means_503_with_the_cookie_kept_and_recovery_without_a_restart()
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
        await Eventually.TrueAsync(async () => await app.WhoAsync(cookie) == "alice", "alice is known again");
    }

    [Fact]
    public async Task Frozen_redis_means_503_in_good_time()
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration);
        var cookie = await app.SignInAsync("alice");

        redis.Freeze();
        try
        {
            await AssertUnavailableAsync(app, cookie);
        }
        finally
        {
            redis.Thaw();
        }
        await Eventually.TrueAsync(async () => await app.WhoAsync(cookie) == "alice", "alice is known again");
    }

    [Fact]
    public async Task App_that_starts_without_redis_answers_503_and_finds_it_later()
    {
        redis.Kill();
        PlainApp app;
        try
        {
            app = await PlainApp.StartAsync(redis.Configuration);
            // Not even a stranger can be served: without keys there are no forms.
            Assert.StartsWith("503", await app.WhoAsync(null), StringComparison.Ordinal);
        }
        finally
        {
            await redis.StartAsync();
        }
        await using (app)
        {
            await Eventually.TrueAsync(async () => await app.WhoAsync(null) == "anonymous", "the app serves");
            await Eventually.TrueAsync(
                async () =>
                {
                    using var response = await app.PostAsync("/in?name=alice");
                    return response.IsSuccessStatusCode;
                },
                "people sign in, once the node follows the revocations, too");
            Assert.Equal("alice", await app.WhoAsync(await app.SignInAsync("alice")));
        }
    }

    [Theory]
    [InlineData("no error handling")]
    [InlineData("developer exception page")]
    [InlineData("own error page")]
    public async Task B17_Sign_in_without_redis_is_answered_with_503(string errorHandling)
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration, pipeline: app =>
        {
            if (errorHandling == "developer exception page")
                app.UseDeveloperExceptionPage();
            if (errorHandling == "own error page")
                app.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("own error page")));
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
                errorHandling == "own error page" ? errorHandling : "The session store is unavailable. Try again in a few seconds.", text);

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
        Assert.Contains("You are still signed in", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        using var api = await app.GetAsync("/api/who", cookie);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, api.StatusCode);
        Assert.Equal("""{"error":"session_store_unavailable"}""", await api.Content.ReadAsStringAsync(Cancel));

        using var signOut = await app.PostAsync("/out", cookie);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, signOut.StatusCode);
        Assert.False(signOut.Headers.Contains("Set-Cookie"));
    }
}
