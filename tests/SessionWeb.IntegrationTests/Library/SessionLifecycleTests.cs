using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions;
using SessionWeb.Sessions.Caching;

namespace SessionWeb.IntegrationTests.Library;

public sealed class SessionLifecycleTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly SessionEnd ByAdmin = new(SessionEndReasons.RevokedByAdmin, "admin");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Task<PlainApp> StartAsync(
        Action<SessionsOptions>? sessions = null, Action<IServiceCollection>? services = null) =>
        PlainApp.StartAsync(redis.Configuration, sessions, services);

    [Fact]
    public async Task Session_is_valid_until_sign_out()
    {
        await using var app = await StartAsync();
        Assert.Equal("anonymous", await app.WhoAsync(null));

        var cookie = await app.SignInAsync("alice");
        Assert.Equal("alice", await app.WhoAsync(cookie));

        using var signedOut = await app.PostAsync("/out", cookie);
        Assert.Contains(
            signedOut.Headers.GetValues("Set-Cookie"), set => set.StartsWith("sid=;", StringComparison.Ordinal));
        Assert.Equal("303 /account/signed-out?reason=signed-out", await app.WhoAsync(cookie));
    }

    [Fact]
    public async Task Session_is_valid_on_every_node()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        var cookie = await a.SignInAsync("alice");
        Assert.Equal("alice", await b.WhoAsync(cookie));

        using (await b.PostAsync("/out", cookie))
            Assert.StartsWith("303", await a.WhoAsync(cookie), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("bob")]
    public async Task Sign_in_over_a_valid_session_replaces_it(string second)
    {
        await using var app = await StartAsync();
        var old = await app.SignInAsync("alice");

        var cookie = await app.SignInAsync(second, old);

        Assert.NotEqual(old, cookie);
        Assert.Equal(second, await app.WhoAsync(cookie));
        Assert.Equal("303 /account/signed-out?reason=replaced", await app.WhoAsync(old));
    }

    [Fact]
    public async Task Sign_in_returns_the_former_session_whose_revocation_is_pending()
    {
        var store = new DelayedStore { Result = new(0, [], Pending: true, TimeSpan.Zero) };
        store.Continue.SetResult();
        await using var app = await PlainApp.StartAsync(
            redis.Configuration, services: services => Use(store, services), pipeline: app => app.MapPost(
                "/in-as-bob", async (HttpContext context) =>
                {
                    var bob = new ClaimsIdentity([new("sub", "id-of-bob")], "password");
                    var result = await context.SignInSessionAsync(new(bob));
                    return $"{result.Former?.AccountId} {result.Revocation?.Pending}";
                }));

        using var signedIn = await app.PostAsync("/in-as-bob", await app.SignInAsync("alice"));

        Assert.Equal("id-of-alice True", await signedIn.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Disconnect_during_sign_out_does_not_cancel_it()
    {
        var store = new DelayedStore();
        await using var app = await StartAsync(services: services => Use(store, services));
        var cookie = await app.SignInAsync("alice");

        using (var client = new System.Net.Sockets.TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, app.Url.Port, Cancel);
            client.LingerState = new(true, 0);
            await client.GetStream().WriteAsync(
                System.Text.Encoding.ASCII.GetBytes(
                    $"POST /out HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nCookie: {cookie}\r\n\r\n"),
                Cancel);
            await store.Entered.Task.WaitAsync(Cancel);
        }
        store.Continue.SetResult();
        await store.Completed.Task.WaitAsync(Cancel);

        Assert.Equal("303 /account/signed-out?reason=signed-out", await app.WhoAsync(cookie));
    }

    [Fact]
    public async Task Ended_session_is_reported_and_its_cookie_deleted()
    {
        await using var app = await StartAsync();
        var cookie = await app.SignInAsync("grace");
        Assert.Equal(
            1,
            (await app.Store.EndAccountAsync(AccountTag.For("id-of-grace"), ByAdmin, cancellationToken: Cancel)).Ended);

        using var page = await app.GetAsync("/who", cookie);
        Assert.Equal(HttpStatusCode.SeeOther, page.StatusCode);
        Assert.Equal("/account/signed-out?reason=revoked-by-admin", page.Headers.Location!.ToString());
        Assert.Contains(
            page.Headers.GetValues("Set-Cookie"),
            set => set.StartsWith("sid=; expires=Thu, 01 Jan 1970", StringComparison.Ordinal));

        using var api = await app.GetAsync("/api/who", cookie);
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        Assert.StartsWith(
            """{"error":"session_ended","reason":"revoked-by-admin",""",
            await api.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_in_with_the_cookie_of_an_ended_session_succeeds()
    {
        await using var app = await PlainApp.StartAsync(
            redis.Configuration, cookies: options => options.LoginPath = "/in");
        var old = await app.SignInAsync("alice");
        await app.Store.EndAccountAsync(AccountTag.For("id-of-alice"), ByAdmin, cancellationToken: Cancel);

        Assert.Equal("alice", await app.WhoAsync(await app.SignInAsync("alice", old)));
    }

    [Fact]
    public async Task Sign_in_under_an_earlier_generation_creates_no_session()
    {
        await using var app = await StartAsync();
        await app.Store.EndAccountAsync(AccountTag.For("id-of-dave"), ByAdmin, null, 3, Cancel);

        using var response = await app.PostAsync("/in?name=dave&generation=2");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.Empty(await app.Store.ListAsync([AccountTag.For("id-of-dave")], Cancel));
    }

    [Theory]
    [InlineData("sid=")]
    [InlineData("sid=x")]
    [InlineData("sid=..%2f..%00")]
    [InlineData("sid=CfDJ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Invalid_cookie_is_anonymous_and_never_reaches_the_store(string cookie)
    {
        await using var app = await StartAsync();
        var before = await redis.SessionReadsAsync();

        Assert.Equal("anonymous", await app.WhoAsync(cookie));
        Assert.Equal("anonymous", await app.WhoAsync("sid=" + new string('A', 7000)));
        Assert.Equal(before, await redis.SessionReadsAsync());
    }

    [Fact]
    public async Task Request_without_the_cache_reads_the_session_once()
    {
        await using var app = await StartAsync(options => options.NearCache = false);
        var cookie = await app.SignInAsync("alice");
        var before = await redis.SessionReadsAsync();

        for (var i = 0; i < 20; i++)
            Assert.Equal("alice", await app.WhoAsync(cookie));

        Assert.Equal(20, await redis.SessionReadsAsync() - before);
    }

    [Fact]
    public async Task Activity_is_recorded_at_most_once_per_interval()
    {
        await using var app = await StartAsync(options => options.IdleTimeout = TimeSpan.FromSeconds(20));
        var cookie = await app.SignInAsync("erin");
        var tag = AccountTag.For("id-of-erin");
        var created = (await app.Store.ListAsync([tag], Cancel)).Single();

        // The write interval is one second. Only a request after it moves the idle expiry.
        await Wait.UntilAsync(async () =>
        {
            await app.WhoAsync(cookie);
            return (await app.Store.ListAsync([tag], Cancel)).Single().IdleExpiresAt > created.IdleExpiresAt;
        }, "the idle expiry moves");
        var recorded = (await app.Store.ListAsync([tag], Cancel)).Single();
        Assert.True(recorded.IdleExpiresAt - created.IdleExpiresAt >= TimeSpan.FromMilliseconds(900));
    }

    [Fact]
    public async Task Principal_that_the_app_rejects_is_anonymous()
    {
        await using var app = await PlainApp.StartAsync(
            redis.Configuration, cookies: options => options.Events.OnValidatePrincipal = context =>
            {
                context.RejectPrincipal();
                return Task.CompletedTask;
            });
        Assert.Equal("anonymous", await app.WhoAsync(await app.SignInAsync("alice")));
    }

    [Fact]
    public async Task Sign_in_beyond_the_limit_replaces_the_oldest()
    {
        await using var app = await StartAsync(options => options.MaxPerAccount = 2);
        var first = await app.SignInAsync("frank");
        var second = await app.SignInAsync("frank");
        var third = await app.SignInAsync("frank");

        Assert.Equal("303 /account/signed-out?reason=replaced", await app.WhoAsync(first));
        Assert.Equal(("frank", "frank"), (await app.WhoAsync(second), await app.WhoAsync(third)));
    }

    private static void Use(DelayedStore store, IServiceCollection services) =>
        services.AddSingleton<ISessionStore>(provider =>
        {
            store.Inner = provider.GetRequiredService<CachedSessionStore>();
            return store;
        });

    /// <summary>Delays the end of a session until the test completes <see cref="Continue"/>.</summary>
    private sealed class DelayedStore : ISessionStore
    {
        public CachedSessionStore Inner { get; set; } = null!;

        /// <summary>Returned instead of ending the session, if it is not null.</summary>
        public RevocationResult? Result { get; init; }

        public TaskCompletionSource Entered { get; } = new();

        public TaskCompletionSource Continue { get; } = new();

        public TaskCompletionSource Completed { get; } = new();

        public async Task<RevocationResult> EndAsync(
            AccountTag account, string handle, SessionEnd end, CancellationToken cancellationToken)
        {
            Entered.SetResult();
            await Continue.Task;
            try
            {
                return Result ?? await Inner.EndAsync(account, handle, end, cancellationToken);
            }
            finally
            {
                Completed.SetResult();
            }
        }

        public Task<CreateResult> CreateAsync(NewSession session, CancellationToken cancellationToken) =>
            Inner.CreateAsync(session, cancellationToken);

        public Task<SessionRead> ReadAsync(SessionKey key, CancellationToken cancellationToken) =>
            Inner.ReadAsync(key, cancellationToken);

        public Task<bool> TouchAsync(SessionKey key, CancellationToken cancellationToken) =>
            Inner.TouchAsync(key, cancellationToken);

        public Task<RevocationResult> InvalidateClaimsAsync(
            AccountTag account, long claimsVersion, CancellationToken cancellationToken) =>
            Inner.InvalidateClaimsAsync(account, claimsVersion, cancellationToken);

        public Task<ReplaceOutcome> ReplaceTicketAsync(
            SessionKey key, TicketReplacement replacement, CancellationToken cancellationToken) =>
            Inner.ReplaceTicketAsync(key, replacement, cancellationToken);

        public Task<RevocationResult> ApplyAsync(RevocationRequest revocation, CancellationToken cancellationToken) =>
            Inner.ApplyAsync(revocation, cancellationToken);

        public IAsyncEnumerable<AccountTag?> EndedAccountsAsync(CancellationToken cancellationToken) =>
            Inner.EndedAccountsAsync(cancellationToken);

        public Task<RevocationResult> EndAccountAsync(
            AccountTag account, SessionEnd end, string? keep = null, long? generation = null,
            CancellationToken cancellationToken = default) =>
            Inner.EndAccountAsync(account, end, keep, generation, cancellationToken);

        public Task<RevocationResult> EndAllAsync(
            SessionEnd end, SessionKey? keep = null, CancellationToken cancellationToken = default) =>
            Inner.EndAllAsync(end, keep, cancellationToken);

        public Task<IReadOnlyList<Session>> ListAsync(
            IReadOnlyCollection<AccountTag> accounts, CancellationToken cancellationToken) =>
            Inner.ListAsync(accounts, cancellationToken);

        public Task<SessionPage> ListRecentAsync(int skip, int take, CancellationToken cancellationToken) =>
            Inner.ListRecentAsync(skip, take, cancellationToken);
    }
}
