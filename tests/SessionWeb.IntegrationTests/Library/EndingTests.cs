using System.Net;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Library;

public sealed class EndingTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly AccountTag Alice = AccountTag.For("id-of-alice");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_after_the_end_is_told_who_ended_it_and_what_they_said_on_every_node()
    {
        await using var a = await PlainApp.StartAsync(redis.Configuration);
        await using var b = await PlainApp.StartAsync(redis.Configuration);
        var cookie = await a.SignInAsync("alice");
        await b.Store.EndAccountAsync(Alice, new(SessionEndReasons.RevokedByAdmin, "root", "Lunch! <b>\r\nnow</b>"), cancellationToken: Cancel);

        using var ended = await a.GetAsync("/who", cookie);
        Assert.Equal("/account/signed-out?reason=revoked-by-admin", ended.Headers.Location!.OriginalString);
        using var told = await b.GetAsync("/account/signed-out", NoteOf(ended));
        Assert.Equal("revoked-by-admin root Lunch! <b>\r\nnow</b>", await told.Content.ReadAsStringAsync(Cancel));
        Assert.Contains(told.Headers.GetValues("Set-Cookie"), set => set.StartsWith("sid-ended=;", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("%00%0d%0a")]
    public async Task Nobody_else_can_put_words_into_the_page(string note)
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration);
        using var told = await app.GetAsync("/account/signed-out?reason=revoked-by-admin", $"sid-ended={note}");
        Assert.Equal("nothing", await told.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Person_who_should_sign_in_again_is_sent_to_sign_in_and_back()
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration, cookies: options => options.LoginPath = "/sign-in");
        var cookie = await app.SignInAsync("alice");
        await app.Store.EndAccountAsync(Alice, new(SessionEndReasons.RoleChanged, SignInAgain: true), cancellationToken: Cancel);

        using var page = await app.GetAsync("/who?a=1&b=2", cookie);
        Assert.Equal("/sign-in?ReturnUrl=%2Fwho%3Fa%3D1%26b%3D2", page.Headers.Location!.OriginalString);
        using var api = await app.GetAsync("/api/who", cookie);
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
    }

    [Fact]
    public async Task Replaced_person_learns_from_which_device()
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration, options => options.MaxPerAccount = 1);
        var first = await app.SignInAsync("bob");
        await app.SignInAsync("bob");

        using var ended = await app.GetAsync("/who", first);
        using var told = await app.GetAsync("/account/signed-out", NoteOf(ended));
        Assert.Equal("replaced Unknown device ", await told.Content.ReadAsStringAsync(Cancel));
    }

    private static string NoteOf(HttpResponseMessage ended) =>
        ended.Headers.GetValues("Set-Cookie").Single(set => set.StartsWith("sid-ended=", StringComparison.Ordinal)).Split(';')[0];

    [Fact]
    public async Task R39_Eight_request_loops_racing_a_revocation_never_bring_the_session_back()
    {
        await using var a = await PlainApp.StartAsync(redis.Configuration, options => options.IdleTimeout = TimeSpan.FromSeconds(4));
        await using var b = await PlainApp.StartAsync(redis.Configuration, options => options.IdleTimeout = TimeSpan.FromSeconds(4));
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
                    Assert.False(acknowledged && who == "carol", "A request that started after the acknowledgement was accepted.");
                    if (acknowledged)
                        return;
                }
            }, Cancel)).ToList();
            Assert.Equal(1, (await b.Store.EndAccountAsync(AccountTag.For("id-of-carol"), new(SessionEndReasons.RevokedByAdmin), cancellationToken: Cancel)).Ended);
            Volatile.Write(ref ended, 1);
            await Task.WhenAll(loops);
        }
        Assert.Empty(await a.Store.ListAsync([AccountTag.For("id-of-carol")], Cancel));
    }
}
