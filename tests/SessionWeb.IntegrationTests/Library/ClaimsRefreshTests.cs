using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Library;

public sealed class ClaimsRefreshTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stale_claims_are_reloaded_on_every_node()
    {
        var accounts = new Accounts();
        await using var a = await StartAsync(accounts);
        await using var b = await StartAsync(accounts);
        var cookie = await a.SignInAsync("alice");
        Assert.Equal("", await RolesAsync(a, cookie));

        accounts.Roles = ["editor"];
        await b.Store.InvalidateClaimsAsync(AccountTag.For("id-of-alice"), 1, Cancel);
        Assert.Equal("editor", await RolesAsync(a, cookie));
        Assert.Equal("editor", await RolesAsync(b, cookie));
        Assert.Equal(1, accounts.Reads);

        accounts.Roles = [];
        await a.Store.InvalidateClaimsAsync(AccountTag.For("id-of-alice"), 2, Cancel);
        Assert.Equal("", await RolesAsync(b, cookie));
    }

    [Fact]
    public async Task Session_of_a_disabled_account_ends()
    {
        var accounts = new Accounts();
        await using var app = await StartAsync(accounts);
        var cookie = await app.SignInAsync("bob");
        accounts.Roles = null;
        await app.Store.InvalidateClaimsAsync(AccountTag.For("id-of-bob"), 1, Cancel);

        Assert.Equal("anonymous", await app.WhoAsync(cookie));
        Assert.Equal("303 /account/signed-out?reason=account-disabled", await app.WhoAsync(cookie));
    }

    [Fact]
    public async Task B15_Session_that_gains_a_role_gets_one_new_id()
    {
        var accounts = new Accounts();
        await using var a = await StartAsync(accounts);
        await using var b = await StartAsync(accounts);
        var former = await a.SignInAsync("carol", remember: true);
        var handle = await HandleAsync(a, former);
        await RolesAsync(b, former);
        accounts.Roles = ["editor"];
        await a.Store.InvalidateClaimsAsync(AccountTag.For("id-of-carol"), 1, Cancel);

        var responses = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? a : b).GetAsync("/roles", former)));

        foreach (var response in responses)
            Assert.Equal("editor", await response.Content.ReadAsStringAsync(Cancel));
        var renewal = Assert.Single(responses, response => response.Headers.Contains("Set-Cookie"));
        Assert.True(renewal.Headers.CacheControl!.NoStore);
        var header = renewal.Headers.GetValues("Set-Cookie").Single();
        var renewed = header.Split(';')[0];
        Assert.Contains("expires=", header, StringComparison.Ordinal);
        Assert.Contains("httponly", header, StringComparison.Ordinal);
        Assert.NotEqual(former, renewed);
        foreach (var node in new[] { a, b })
        {
            using var response = await node.GetAsync("/roles", renewed);
            Assert.Equal("editor", await response.Content.ReadAsStringAsync(Cancel));
            Assert.False(response.Headers.Contains("Set-Cookie"));
            Assert.Equal(handle, await HandleAsync(node, renewed));
        }

        await b.Store.EndAsync(AccountTag.For("id-of-carol"), handle, new(SessionEndReasons.RevokedByAdmin), Cancel);
        foreach (var cookie in new[] { former, renewed })
            Assert.Equal("303 /account/signed-out?reason=revoked-by-admin", await a.WhoAsync(cookie));
    }

    [Fact]
    public async Task B15_Session_that_only_loses_a_role_keeps_its_id()
    {
        var accounts = new Accounts { Roles = ["editor", "reader"] };
        await using var app = await StartAsync(accounts);
        var first = await app.SignInAsync("dave");
        await app.Store.InvalidateClaimsAsync(AccountTag.For("id-of-dave"), 1, Cancel);
        var cookie = await RenewAsync(app, first);
        accounts.Roles = ["reader"];
        await app.Store.InvalidateClaimsAsync(AccountTag.For("id-of-dave"), 2, Cancel);

        using var response = await app.GetAsync("/roles", cookie);

        Assert.Equal("reader", await response.Content.ReadAsStringAsync(Cancel));
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task B15_Former_id_is_anonymous_after_its_grace()
    {
        var accounts = new Accounts { Roles = ["editor"] };
        await using var app = await StartAsync(accounts, TimeSpan.FromSeconds(1));
        var former = await app.SignInAsync("erin");
        await app.Store.InvalidateClaimsAsync(AccountTag.For("id-of-erin"), 1, Cancel);
        var renewed = await RenewAsync(app, former);
        Assert.Equal("erin", await app.WhoAsync(former));
        Assert.Equal("erin", await app.WhoAsync(renewed));

        // Reads from the cache must not extend the grace.
        await Wait.UntilAsync(async () => await app.WhoAsync(former) == "anonymous", "the former id is anonymous");

        using var late = await app.GetAsync("/who", former);
        Assert.False(late.Headers.Contains("Set-Cookie"));
        Assert.Equal("erin", await app.WhoAsync(renewed));
    }

    [Fact]
    public async Task B15_Event_stream_of_a_former_id_reports_the_revocation()
    {
        var accounts = new Accounts { Roles = ["editor"] };
        await using var app = await StartAsync(accounts, TimeSpan.Zero);
        var former = await app.SignInAsync("frank");
        using var stream = await EventStreamClient.OpenAsync(app, former);
        await app.Store.InvalidateClaimsAsync(AccountTag.For("id-of-frank"), 1, Cancel);
        var renewed = await RenewAsync(app, former);

        Assert.Equal("frank", await app.WhoAsync(renewed));
        Assert.Equal("anonymous", await app.WhoAsync(former));
        // The end of another session of the account makes the node check the session of the stream.
        using (await app.PostAsync("/out", await app.SignInAsync("frank")))
        {
        }
        Assert.Equal("frank", await app.WhoAsync(renewed));
        await app.Store.EndAccountAsync(
            AccountTag.For("id-of-frank"), new(SessionEndReasons.RevokedByAdmin), cancellationToken: Cancel);

        Assert.Equal(SessionEndReasons.RevokedByAdmin, await stream.ReasonAsync());
    }

    [Fact]
    public async Task B15_Request_with_a_former_id_gets_no_new_id()
    {
        var accounts = new Accounts { Roles = ["editor"] };
        await using var app = await StartAsync(accounts);
        var former = await app.SignInAsync("ivan");
        await app.Store.InvalidateClaimsAsync(AccountTag.For("id-of-ivan"), 1, Cancel);
        var renewed = await RenewAsync(app, former);
        Assert.Equal("ivan", await app.WhoAsync(renewed));
        accounts.Roles = ["editor", "reader"];
        await app.Store.InvalidateClaimsAsync(AccountTag.For("id-of-ivan"), 2, Cancel);

        using (var late = await app.GetAsync("/roles", former))
        {
            Assert.Equal("editor reader", await late.Content.ReadAsStringAsync(Cancel));
            Assert.False(late.Headers.Contains("Set-Cookie"));
        }
        Assert.NotEqual(renewed, await RenewAsync(app, renewed));
    }

    [Fact]
    public async Task B15_Lost_response_keeps_the_former_id_valid()
    {
        var accounts = new Accounts { Roles = ["editor"] };
        await using var app = await StartAsync(accounts, TimeSpan.Zero);
        var former = await app.SignInAsync("judy");
        await app.Store.InvalidateClaimsAsync(AccountTag.For("id-of-judy"), 1, Cancel);
        await RenewAsync(app, former);

        using var stream = await EventStreamClient.OpenAsync(app, former);
        // The node checks the session when the stream opens, and when another session of the account ends.
        using (await app.PostAsync("/out", await app.SignInAsync("judy")))
            Assert.Equal("judy", await app.WhoAsync(former));
        await app.Store.EndAccountAsync(
            AccountTag.For("id-of-judy"), new(SessionEndReasons.RevokedByAdmin), cancellationToken: Cancel);

        Assert.Equal(SessionEndReasons.RevokedByAdmin, await stream.ReasonAsync());
        Assert.Equal("303 /account/signed-out?reason=revoked-by-admin", await app.WhoAsync(former));
    }

    [Fact]
    public async Task B15_Error_response_carries_the_new_id()
    {
        var accounts = new Accounts { Roles = ["editor"] };
        await using var app = await StartAsync(accounts, TimeSpan.Zero);
        var former = await app.SignInAsync("grace");
        await app.Store.InvalidateClaimsAsync(AccountTag.For("id-of-grace"), 1, Cancel);

        using var failed = await app.GetAsync("/fail", former);

        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Equal("grace", await app.WhoAsync(failed.Headers.GetValues("Set-Cookie").Single().Split(';')[0]));
        Assert.Equal("anonymous", await app.WhoAsync(former));
    }

    [Theory]
    [InlineData("/out")]
    [InlineData("/in?name=heidi")]
    public async Task B15_Sign_in_or_out_takes_precedence_over_the_new_id(string path)
    {
        var accounts = new Accounts { Roles = ["editor"] };
        await using var app = await StartAsync(accounts, TimeSpan.Zero);
        var former = await app.SignInAsync("heidi");
        await app.Store.InvalidateClaimsAsync(AccountTag.For("id-of-heidi"), 1, Cancel);

        using var response = await app.PostAsync(path, former);

        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie")).Split(';')[0];
        Assert.Equal(path == "/out" ? "anonymous" : "heidi", await app.WhoAsync(cookie));
        Assert.NotEqual("heidi", await app.WhoAsync(former));
    }

    private static async Task<string> RenewAsync(PlainApp app, string cookie)
    {
        using var response = await app.GetAsync("/who", cookie);
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static async Task<string> HandleAsync(PlainApp app, string cookie)
    {
        using var response = await app.GetAsync("/handle", cookie);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    private Task<PlainApp> StartAsync(Accounts accounts, TimeSpan? grace = null) => PlainApp.StartAsync(
        redis.Configuration, options => options.FormerIdGrace = grace ?? TimeSpan.FromMinutes(1),
        services => services.AddSingleton(accounts),
        pipeline: app =>
        {
            app.UseExceptionHandler(failed => failed.Run(_ => Task.CompletedTask));
            app.MapGet("/fail", string () => throw new InvalidOperationException("The request fails."));
        },
        more: sessions => sessions.RefreshClaimsWith<AccountClaims>());

    private static async Task<string> RolesAsync(PlainApp app, string cookie)
    {
        using var response = await app.GetAsync("/roles", cookie);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    private sealed class Accounts
    {
        public string[]? Roles { get; set; } = [];

        public int Reads { get; set; }
    }

    private sealed class AccountClaims(Accounts accounts) : ISessionClaims
    {
        public Task<ClaimsPrincipal?> GetAsync(string accountId, CancellationToken cancellationToken)
        {
            accounts.Reads++;
            return Task.FromResult(accounts.Roles is not { } roles ? null : new ClaimsPrincipal(new ClaimsIdentity(
                [
                    new("sub", accountId), new("name", accountId["id-of-".Length..]),
                    .. roles.Select(role => new Claim("role", role)),
                ],
                "password", "name", "role")));
        }
    }
}
