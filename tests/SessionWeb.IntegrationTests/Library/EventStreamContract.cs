using System.Net;
using System.Text.Json;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Library;

/// <summary>What people with a page open may rely on, whichever store there is. Pages are open at one node, sessions end at another.</summary>
public abstract class EventStreamContract
{
    // Sessions of other tests must not be met.
    private readonly string _alice = $"alice-{Guid.NewGuid():N}";

    private static readonly SessionEnd ByAdmin = new(SessionEndReasons.RevokedByAdmin, "admin", "Back at \"noon\".\n");

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<PlainApp> NodeAsync(
        Action<SessionsOptions>? sessions = null, Action<Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions>? cookies = null);

    private static AccountTag Tag(string name) => AccountTag.For($"id-of-{name}");

    [Theory]
    [InlineData("one", SessionEndReasons.RevokedByAdmin)]
    [InlineData("account", SessionEndReasons.RevokedByAdmin)]
    [InlineData("everyone", SessionEndReasons.RevokedByAdmin)]
    [InlineData("sign-out", SessionEndReasons.SignedOut)]
    [InlineData("sign-in over it", SessionEndReasons.Replaced)]
    [InlineData("sign-in beyond the limit", SessionEndReasons.Replaced)]
    public async Task R40_Open_page_is_told_how_its_session_ended_on_another_node(string how, string reason)
    {
        await using var here = await NodeAsync();
        await using var there = await NodeAsync(options => options.MaxPerAccount = 1);
        var cookie = await here.SignInAsync(_alice);
        using var page = await EventStreamClient.OpenAsync(here, cookie);

        switch (how)
        {
            case "one":
                await there.Store.EndAsync(Tag(_alice), (await there.Store.ListAsync([Tag(_alice)], Cancel)).Single().Handle, ByAdmin, Cancel);
                break;
            case "account":
                await there.Store.EndAccountAsync(Tag(_alice), ByAdmin, cancellationToken: Cancel);
                break;
            case "everyone":
                await there.Store.EndAllAsync(ByAdmin, cancellationToken: Cancel);
                break;
            case "sign-out":
                using (await there.PostAsync("/out", cookie))
                    break;
            case "sign-in over it":
                await there.SignInAsync("bob", cookie);
                break;
            default:
                await there.SignInAsync(_alice);
                break;
        }

        var revoked = (await page.NextRevokedAsync())!.Value;
        Assert.Equal(reason, revoked.GetProperty("reason").GetString());
        Assert.Equal(reason == SessionEndReasons.RevokedByAdmin ? ByAdmin.Message : null, revoked.GetProperty("message").GetString());
        Assert.StartsWith($"/account/signed-out?reason={reason}", revoked.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Null(await page.NextAsync());
    }

    [Fact]
    public async Task R40_Pages_of_other_sessions_stay_open()
    {
        await using var here = await NodeAsync();
        await using var there = await NodeAsync();
        var (alice, other, bob) = (await here.SignInAsync(_alice), await here.SignInAsync(_alice), await here.SignInAsync("bob"));
        using var ended = await EventStreamClient.OpenAsync(here, alice);
        using var sameAccount = await EventStreamClient.OpenAsync(here, other);
        using var otherAccount = await EventStreamClient.OpenAsync(here, bob);

        using (await there.PostAsync("/out", alice))
            Assert.Equal(SessionEndReasons.SignedOut, await ended.ReasonAsync());
        using (await there.PostAsync("/out", other))
            Assert.Equal(SessionEndReasons.SignedOut, await sameAccount.ReasonAsync());

        // Were it told by mistake, that would be the first thing it hears.
        await there.Store.EndAccountAsync(Tag("bob"), ByAdmin, cancellationToken: Cancel);
        Assert.Equal(SessionEndReasons.RevokedByAdmin, await otherAccount.ReasonAsync());
    }

    [Theory]
    [InlineData(5, 60, SessionEndReasons.Idle, true)]
    [InlineData(20, 3, SessionEndReasons.Expired, false)]
    public async Task Open_page_is_warned_once_and_told_when_its_session_expires(int idle, int absolute, string reason, bool canStay)
    {
        await using var here = await NodeAsync(options => (options.IdleTimeout, options.AbsoluteTimeout) = (TimeSpan.FromSeconds(idle), TimeSpan.FromSeconds(absolute)));
        using var page = await EventStreamClient.OpenAsync(here, await here.SignInAsync($"warned-{reason}"));
        var session = (await here.Store.ListAsync([Tag($"warned-{reason}")], Cancel)).Single();

        var (name, data) = (await page.NextAsync())!.Value;
        Assert.Equal("expiring", name);
        var warning = JsonElement.Parse(data);
        Assert.Equal(session.IdleExpiresAt, warning.GetProperty("at").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
        Assert.Equal(canStay, warning.GetProperty("canStay").GetBoolean());

        (name, data) = (await page.NextAsync())!.Value;
        Assert.Equal("revoked", name);
        Assert.Equal(reason, JsonElement.Parse(data).GetProperty("reason").GetString());
        Assert.True(DateTimeOffset.UtcNow >= session.IdleExpiresAt);
        Assert.Null(await page.NextAsync());
    }

    [Fact]
    public async Task Opening_a_stream_is_no_use_of_the_session()
    {
        await using var here = await NodeAsync(options => options.IdleTimeout = TimeSpan.FromSeconds(2));
        var cookie = await here.SignInAsync(_alice);
        await Eventually.TrueAsync(async () =>
        {
            using var response = await EventStreamClient.RequestAsync(here, cookie);
            return response.StatusCode == HttpStatusCode.Unauthorized;
        }, "the session expires though its stream is opened all the time");
    }

    [Fact]
    public async Task Use_elsewhere_puts_the_end_off()
    {
        void Short(SessionsOptions options) => options.IdleTimeout = TimeSpan.FromSeconds(4);
        await using var here = await NodeAsync(Short);
        await using var there = await NodeAsync(Short);
        var cookie = await here.SignInAsync(_alice);
        using var page = await EventStreamClient.OpenAsync(here, cookie);
        var told = page.NextRevokedAsync();

        var end = DateTimeOffset.UtcNow.AddSeconds(6);
        await Eventually.TrueAsync(async () =>
        {
            Assert.Equal(_alice, await there.WhoAsync(cookie));
            return DateTimeOffset.UtcNow > end;
        }, "the session is used for longer than its idle timeout");
        Assert.False(told.IsCompleted);

        Assert.Equal(SessionEndReasons.Idle, (await told)!.Value.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Session_that_ends_while_its_stream_is_being_opened_is_told()
    {
        PlainApp there = null!;
        EventStreamClient first = null!;
        await using var here = await NodeAsync(cookies: options => options.Events.OnValidatePrincipal = async context =>
        {
            // Let in already; not yet to be found by those who tell.
            if (context.Request.Path == "/session/events" && first is not null)
            {
                await there.Store.EndAccountAsync(Tag(_alice), ByAdmin, cancellationToken: Cancel);
                Assert.Equal(SessionEndReasons.RevokedByAdmin, await first.ReasonAsync());
            }
        });
        await using (there = await NodeAsync())
        {
            var cookie = await here.SignInAsync(_alice);
            using (first = await EventStreamClient.OpenAsync(here, await here.SignInAsync(_alice)))
            {
                using var page = await EventStreamClient.OpenAsync(here, cookie);
                Assert.Equal(SessionEndReasons.RevokedByAdmin, await page.ReasonAsync());
            }
        }
    }

    [Fact]
    public async Task Streams_close_at_once_when_their_node_stops()
    {
        await using var here = await NodeAsync();
        var cookie = await here.SignInAsync(_alice);
        using var first = await EventStreamClient.OpenAsync(here, cookie);
        using var second = await EventStreamClient.OpenAsync(here, cookie);

        // Far less than the 30 seconds that requests in flight are given.
        await here.StopAsync().WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        Assert.Null(await first.NextAsync());
        Assert.Null(await second.NextAsync());
    }

    [Fact]
    public async Task Stream_wants_a_live_session()
    {
        await using var here = await NodeAsync();
        using (var stranger = await EventStreamClient.RequestAsync(here, null))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
            Assert.Equal("""{"error":"not_signed_in"}""", await stranger.Content.ReadAsStringAsync(Cancel));
        }

        var cookie = await here.SignInAsync(_alice);
        await here.Store.EndAccountAsync(Tag(_alice), ByAdmin, cancellationToken: Cancel);
        using var ended = await EventStreamClient.RequestAsync(here, cookie);
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
        Assert.False(ended.Headers.Contains("Set-Cookie"));
        var answer = JsonElement.Parse(await ended.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(("session_ended", ByAdmin.Reason, ByAdmin.Message),
            (answer.GetProperty("error").GetString(), answer.GetProperty("reason").GetString(), answer.GetProperty("message").GetString()));
        Assert.StartsWith("/account/signed-out?reason=", answer.GetProperty("url").GetString(), StringComparison.Ordinal);

        // The page it goes to is told the message, too.
        using var page = await here.GetAsync("/who", cookie);
        Assert.Equal(HttpStatusCode.SeeOther, page.StatusCode);
    }

    [Fact]
    public async Task Person_who_should_sign_in_and_go_on_is_sent_nowhere_else()
    {
        await using var here = await NodeAsync();
        using var page = await EventStreamClient.OpenAsync(here, await here.SignInAsync(_alice));
        await here.Store.EndAccountAsync(Tag(_alice), new(SessionEndReasons.RoleChanged, SignInAgain: true), cancellationToken: Cancel);
        Assert.Equal(JsonValueKind.Null, (await page.NextRevokedAsync())!.Value.GetProperty("url").ValueKind);
    }

    [Fact]
    public async Task Stream_is_neither_kept_nor_buffered()
    {
        await using var here = await NodeAsync();
        using var page = await EventStreamClient.OpenAsync(here, await here.SignInAsync(_alice));
        Assert.Equal("text/event-stream", page.Response.Content.Headers.ContentType!.ToString());
        Assert.True(page.Response.Headers.CacheControl!.NoStore);
        Assert.Equal("no", page.Response.Headers.GetValues("X-Accel-Buffering").Single());
    }

    [Fact]
    public async Task B06_Stream_beyond_the_limit_of_a_session_closes_the_oldest()
    {
        await using var here = await NodeAsync();
        var cookie = await here.SignInAsync(_alice);
        var pages = new List<EventStreamClient>();
        for (var i = 0; i < 12; i++)
            pages.Add(await EventStreamClient.OpenAsync(here, cookie));

        // It asks the browser not to come back at once: that would close the next.
        Assert.True(await pages[0].IsClosedWithLongRetryAsync());
        Assert.True(await pages[1].IsClosedWithLongRetryAsync());
        await here.Store.EndAccountAsync(Tag(_alice), ByAdmin, cancellationToken: Cancel);
        foreach (var page in pages[2..])
            Assert.Equal(SessionEndReasons.RevokedByAdmin, await page.ReasonAsync());
        pages.ForEach(page => page.Dispose());
    }

    [Fact]
    public async Task B06_Stream_beyond_the_limit_of_an_account_closes_the_oldest()
    {
        await using var here = await NodeAsync(options => options.MaxPerAccount = 20);
        using var other = await EventStreamClient.OpenAsync(here, await here.SignInAsync("bob"));
        var pages = new List<EventStreamClient>();
        for (var session = 0; session < 20; session++)
        {
            var cookie = await here.SignInAsync(_alice);
            for (var i = 0; i < (session == 19 ? 6 : 5); i++)
                pages.Add(await EventStreamClient.OpenAsync(here, cookie));
        }

        Assert.True(await pages[0].IsClosedWithLongRetryAsync());
        await here.Store.EndAllAsync(ByAdmin, cancellationToken: Cancel);
        foreach (var page in pages[1..].Append(other))
            Assert.Equal(SessionEndReasons.RevokedByAdmin, await page.ReasonAsync());
        pages.ForEach(page => page.Dispose());
    }
}
