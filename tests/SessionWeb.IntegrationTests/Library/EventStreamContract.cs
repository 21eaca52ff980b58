using System.Net;
using System.Text.Json;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Library;

/// <summary>
/// The behavior of event streams with every session store. Streams are open on one node, sessions end on another.
/// </summary>
public abstract class EventStreamContract
{
    // Isolates the test from the sessions of other tests.
    private readonly string _alice = $"alice-{Guid.NewGuid():N}";

    private static readonly SessionEnd ByAdmin = new(SessionEndReasons.RevokedByAdmin, "admin", "Back at \"noon\".\n");

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<PlainApp> NodeAsync(
        Action<SessionsOptions>? sessions = null,
        Action<Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions>? cookies = null);

    private static AccountTag Tag(string name) => AccountTag.For($"id-of-{name}");

    [Theory]
    [InlineData("session", SessionEndReasons.RevokedByAdmin)]
    [InlineData("account", SessionEndReasons.RevokedByAdmin)]
    [InlineData("revoke all", SessionEndReasons.RevokedByAdmin)]
    [InlineData("sign-out", SessionEndReasons.SignedOut)]
    [InlineData("sign-in over the session", SessionEndReasons.Replaced)]
    [InlineData("sign-in beyond the limit", SessionEndReasons.Replaced)]
    public async Task R40_Stream_reports_an_end_on_another_node(string action, string reason)
    {
        await using var node = await NodeAsync();
        await using var otherNode = await NodeAsync(options => options.MaxPerAccount = 1);
        var cookie = await node.SignInAsync(_alice);
        using var stream = await EventStreamClient.OpenAsync(node, cookie);

        switch (action)
        {
            case "session":
                var session = (await otherNode.Store.ListAsync([Tag(_alice)], Cancel)).Single();
                await otherNode.Store.EndAsync(Tag(_alice), session.Handle, ByAdmin, Cancel);
                break;
            case "account":
                await otherNode.Store.EndAccountAsync(Tag(_alice), ByAdmin, cancellationToken: Cancel);
                break;
            case "revoke all":
                await otherNode.Store.EndAllAsync(ByAdmin, cancellationToken: Cancel);
                break;
            case "sign-out":
                using (await otherNode.PostAsync("/out", cookie))
                    break;
            case "sign-in over the session":
                await otherNode.SignInAsync("bob", cookie);
                break;
            default:
                await otherNode.SignInAsync(_alice);
                break;
        }

        var revoked = (await stream.NextRevokedAsync())!.Value;
        Assert.Equal(reason, revoked.GetProperty("reason").GetString());
        Assert.Equal(
            reason == SessionEndReasons.RevokedByAdmin ? ByAdmin.Message : null,
            revoked.GetProperty("message").GetString());
        Assert.StartsWith(
            $"/account/signed-out?reason={reason}", revoked.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task R40_Streams_of_other_sessions_stay_open()
    {
        await using var node = await NodeAsync();
        await using var otherNode = await NodeAsync();
        var (alice, other, bob) =
            (await node.SignInAsync(_alice), await node.SignInAsync(_alice), await node.SignInAsync("bob"));
        using var ended = await EventStreamClient.OpenAsync(node, alice);
        using var sameAccount = await EventStreamClient.OpenAsync(node, other);
        using var otherAccount = await EventStreamClient.OpenAsync(node, bob);

        using (await otherNode.PostAsync("/out", alice))
            Assert.Equal(SessionEndReasons.SignedOut, await ended.ReasonAsync());
        using (await otherNode.PostAsync("/out", other))
            Assert.Equal(SessionEndReasons.SignedOut, await sameAccount.ReasonAsync());

        // An event for another session would arrive before this one.
        await otherNode.Store.EndAccountAsync(Tag("bob"), ByAdmin, cancellationToken: Cancel);
        Assert.Equal(SessionEndReasons.RevokedByAdmin, await otherAccount.ReasonAsync());
    }

    [Theory]
    [InlineData(5, 60, SessionEndReasons.Idle, true)]
    [InlineData(20, 3, SessionEndReasons.Expired, false)]
    public async Task Stream_warns_once_and_reports_the_expiry(int idle, int absolute, string reason, bool canStay)
    {
        await using var node = await NodeAsync(options => (options.IdleTimeout, options.AbsoluteTimeout) =
            (TimeSpan.FromSeconds(idle), TimeSpan.FromSeconds(absolute)));
        using var stream = await EventStreamClient.OpenAsync(node, await node.SignInAsync($"warned-{reason}"));
        var session = (await node.Store.ListAsync([Tag($"warned-{reason}")], Cancel)).Single();

        var (name, data) = (await stream.NextAsync())!.Value;
        Assert.Equal("expiring", name);
        var warning = JsonElement.Parse(data);
        Assert.Equal(
            session.IdleExpiresAt, warning.GetProperty("at").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
        Assert.Equal(canStay, warning.GetProperty("canStay").GetBoolean());

        (name, data) = (await stream.NextAsync())!.Value;
        Assert.Equal("revoked", name);
        Assert.Equal(reason, JsonElement.Parse(data).GetProperty("reason").GetString());
        Assert.True(DateTimeOffset.UtcNow >= session.IdleExpiresAt);
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Opening_a_stream_does_not_count_as_activity()
    {
        await using var node = await NodeAsync(options => options.IdleTimeout = TimeSpan.FromSeconds(2));
        var cookie = await node.SignInAsync(_alice);
        await Wait.UntilAsync(async () =>
        {
            using var response = await EventStreamClient.RequestAsync(node, cookie);
            return response.StatusCode == HttpStatusCode.Unauthorized;
        }, "the session expires although its stream is reopened");
    }

    [Fact]
    public async Task Activity_on_another_node_postpones_the_expiry()
    {
        void ShortTimeout(SessionsOptions options) => options.IdleTimeout = TimeSpan.FromSeconds(4);
        await using var node = await NodeAsync(ShortTimeout);
        await using var otherNode = await NodeAsync(ShortTimeout);
        var cookie = await node.SignInAsync(_alice);
        using var stream = await EventStreamClient.OpenAsync(node, cookie);
        var revoked = stream.NextRevokedAsync();

        var end = DateTimeOffset.UtcNow.AddSeconds(6);
        await Wait.UntilAsync(async () =>
        {
            Assert.Equal(_alice, await otherNode.WhoAsync(cookie));
            return DateTimeOffset.UtcNow > end;
        }, "the session is in use for longer than its idle timeout");
        Assert.False(revoked.IsCompleted);

        Assert.Equal(SessionEndReasons.Idle, (await revoked)!.Value.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task End_during_the_opening_of_a_stream_is_reported()
    {
        PlainApp otherNode = null!;
        EventStreamClient first = null!;
        await using var node = await NodeAsync(cookies: options => options.Events.OnValidatePrincipal = async context =>
        {
            // The request is authenticated, but its stream is not registered yet.
            if (context.Request.Path == "/session/events" && first is not null)
            {
                await otherNode.Store.EndAccountAsync(Tag(_alice), ByAdmin, cancellationToken: Cancel);
                Assert.Equal(SessionEndReasons.RevokedByAdmin, await first.ReasonAsync());
            }
        });
        await using (otherNode = await NodeAsync())
        {
            var cookie = await node.SignInAsync(_alice);
            using (first = await EventStreamClient.OpenAsync(node, await node.SignInAsync(_alice)))
            {
                using var stream = await EventStreamClient.OpenAsync(node, cookie);
                Assert.Equal(SessionEndReasons.RevokedByAdmin, await stream.ReasonAsync());
            }
        }
    }

    [Fact]
    public async Task Streams_close_immediately_when_their_node_stops()
    {
        await using var node = await NodeAsync();
        var cookie = await node.SignInAsync(_alice);
        using var first = await EventStreamClient.OpenAsync(node, cookie);
        using var second = await EventStreamClient.OpenAsync(node, cookie);

        // Requests in flight get 30 seconds to complete. Streams must not use them.
        await node.StopAsync().WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        Assert.Null(await first.NextAsync());
        Assert.Null(await second.NextAsync());
    }

    [Fact]
    public async Task Stream_requires_a_valid_session()
    {
        await using var node = await NodeAsync();
        using (var anonymous = await EventStreamClient.RequestAsync(node, null))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
            Assert.Equal("""{"error":"not_signed_in"}""", await anonymous.Content.ReadAsStringAsync(Cancel));
        }

        var cookie = await node.SignInAsync(_alice);
        await node.Store.EndAccountAsync(Tag(_alice), ByAdmin, cancellationToken: Cancel);
        using var ended = await EventStreamClient.RequestAsync(node, cookie);
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
        Assert.False(ended.Headers.Contains("Set-Cookie"));
        var body = JsonElement.Parse(await ended.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(
            ("session_ended", ByAdmin.Reason, ByAdmin.Message),
            (body.GetProperty("error").GetString(), body.GetProperty("reason").GetString(),
                body.GetProperty("message").GetString()));
        Assert.StartsWith("/account/signed-out?reason=", body.GetProperty("url").GetString(), StringComparison.Ordinal);

        // Page requests are redirected to the signed-out page.
        using var response = await node.GetAsync("/who", cookie);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
    }

    [Fact]
    public async Task End_that_requires_sign_in_has_no_redirect_url()
    {
        await using var node = await NodeAsync();
        using var stream = await EventStreamClient.OpenAsync(node, await node.SignInAsync(_alice));
        await node.Store.EndAccountAsync(
            Tag(_alice), new(SessionEndReasons.RoleChanged, SignInAgain: true), cancellationToken: Cancel);
        Assert.Equal(JsonValueKind.Null, (await stream.NextRevokedAsync())!.Value.GetProperty("url").ValueKind);
    }

    [Fact]
    public async Task Stream_is_neither_stored_nor_buffered()
    {
        await using var node = await NodeAsync();
        using var stream = await EventStreamClient.OpenAsync(node, await node.SignInAsync(_alice));
        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType!.ToString());
        Assert.True(stream.Response.Headers.CacheControl!.NoStore);
        Assert.Equal("no", stream.Response.Headers.GetValues("X-Accel-Buffering").Single());
    }

    [Fact]
    public async Task B06_Stream_above_the_session_limit_closes_the_oldest()
    {
        await using var node = await NodeAsync();
        var cookie = await node.SignInAsync(_alice);
        var streams = new List<EventStreamClient>();
        for (var i = 0; i < 12; i++)
            streams.Add(await EventStreamClient.OpenAsync(node, cookie));

        // A long retry interval prevents an immediate reconnect, which would close the next stream.
        Assert.True(await streams[0].IsClosedWithLongRetryAsync());
        Assert.True(await streams[1].IsClosedWithLongRetryAsync());
        await node.Store.EndAccountAsync(Tag(_alice), ByAdmin, cancellationToken: Cancel);
        foreach (var stream in streams[2..])
            Assert.Equal(SessionEndReasons.RevokedByAdmin, await stream.ReasonAsync());
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task B06_Stream_above_the_account_limit_closes_the_oldest()
    {
        await using var node = await NodeAsync(options => options.MaxPerAccount = 20);
        using var other = await EventStreamClient.OpenAsync(node, await node.SignInAsync("bob"));
        var streams = new List<EventStreamClient>();
        for (var session = 0; session < 20; session++)
        {
            var cookie = await node.SignInAsync(_alice);
            for (var i = 0; i < (session == 19 ? 6 : 5); i++)
                streams.Add(await EventStreamClient.OpenAsync(node, cookie));
        }

        Assert.True(await streams[0].IsClosedWithLongRetryAsync());
        await node.Store.EndAllAsync(ByAdmin, cancellationToken: Cancel);
        foreach (var stream in streams[1..].Append(other))
            Assert.Equal(SessionEndReasons.RevokedByAdmin, await stream.ReasonAsync());
        streams.ForEach(stream => stream.Dispose());
    }
}
