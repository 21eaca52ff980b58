using System.Net;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Library;

public sealed class SessionEndTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly AccountTag Alice = AccountTag.For("id-of-alice");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signed_out_page_shows_the_actor_and_message_on_every_node()
    {
        await using var a = await PlainApp.StartAsync(redis.Configuration);
        await using var b = await PlainApp.StartAsync(redis.Configuration);
        var cookie = await a.SignInAsync("alice");
        await b.Store.EndAccountAsync(
            Alice,
            new(SessionEndReasons.RevokedByAdmin, "root", "Maintenance <b>\r\nnow</b>"), cancellationToken: Cancel);

        using var ended = await a.GetAsync("/who", cookie);
        Assert.Equal("/account/signed-out?reason=revoked-by-admin", ended.Headers.Location!.OriginalString);
        using var page = await b.GetAsync("/account/signed-out", SessionEndCookieOf(ended));
        Assert.Equal("revoked-by-admin root Maintenance <b>\r\nnow</b>", await page.Content.ReadAsStringAsync(Cancel));
        Assert.Contains(
            page.Headers.GetValues("Set-Cookie"), set => set.StartsWith("sid-ended=;", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("%00%0d%0a")]
    public async Task Forged_session_end_cookie_is_ignored(string value)
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration);
        using var page = await app.GetAsync("/account/signed-out?reason=revoked-by-admin", $"sid-ended={value}");
        Assert.Equal("nothing", await page.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task End_that_requires_sign_in_redirects_to_it_and_back()
    {
        await using var app = await PlainApp.StartAsync(
            redis.Configuration, cookies: options => options.LoginPath = "/sign-in");
        var cookie = await app.SignInAsync("alice");
        await app.Store.EndAccountAsync(
            Alice, new(SessionEndReasons.RoleChanged, SignInAgain: true), cancellationToken: Cancel);

        using var page = await app.GetAsync("/who?a=1&b=2", cookie);
        Assert.Equal("/sign-in?ReturnUrl=%2Fwho%3Fa%3D1%26b%3D2", page.Headers.Location!.OriginalString);
        using var api = await app.GetAsync("/api/who", cookie);
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
    }

    [Fact]
    public async Task Replaced_session_shows_the_replacing_device()
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration, options => options.MaxPerAccount = 1);
        var first = await app.SignInAsync("bob");
        await app.SignInAsync("bob");

        using var ended = await app.GetAsync("/who", first);
        using var page = await app.GetAsync("/account/signed-out", SessionEndCookieOf(ended));
        Assert.Equal("replaced Unknown device ", await page.Content.ReadAsStringAsync(Cancel));
    }

    private static string SessionEndCookieOf(HttpResponseMessage ended) =>
        ended.Headers.GetValues("Set-Cookie")
            .Single(set => set.StartsWith("sid-ended=", StringComparison.Ordinal)).Split(';')[0];

    [Fact]
    public async Task R39_Concurrent_requests_never_restore_a_revoked_session()
    {
        await using var a = await PlainApp.StartAsync(
            redis.Configuration, options => options.IdleTimeout = TimeSpan.FromSeconds(4));
        await using var b = await PlainApp.StartAsync(
            redis.Configuration, options => options.IdleTimeout = TimeSpan.FromSeconds(4));
        for (var round = 0; round < 20; round++)
        {
            var cookie = await a.SignInAsync("carol");
            var ended = 0;
            var loops = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
            {
                var app = i % 2 == 0 ? a : b;
                while (true)
                {
                    var acknowledged = Volatile.Read(ref ended) == 1;
                    var who = await app.WhoAsync(cookie);
                    Assert.False(
                        acknowledged && who == "carol",
                        "A request that started after the acknowledgement was accepted.");
                    if (acknowledged)
                        return;
                }
            }, Cancel)).ToList();
            Assert.Equal(
                1,
                (await b.Store.EndAccountAsync(
                    AccountTag.For("id-of-carol"), new(SessionEndReasons.RevokedByAdmin), cancellationToken: Cancel))
                    .Ended);
            Volatile.Write(ref ended, 1);
            await Task.WhenAll(loops);
        }
        Assert.Empty(await a.Store.ListAsync([AccountTag.For("id-of-carol")], Cancel));
    }
}
