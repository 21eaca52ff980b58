using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions;
using SessionWeb.Tests.Servers;

namespace SessionWeb.Tests.Library;

public sealed class ClaimsTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Outdated_claims_are_those_of_today_on_the_next_request_on_every_node()
    {
        var accounts = new Accounts();
        await using var a = await StartAsync(accounts);
        await using var b = await StartAsync(accounts);
        var cookie = await a.SignInAsync("alice");
        Assert.Equal("", await RolesAsync(a, cookie));

        accounts.Roles = ["editor"];
        await b.Store.OutdateClaimsAsync(AccountTag.For("id-of-alice"), 1, Cancel);
        Assert.Equal("editor", await RolesAsync(a, cookie));
        Assert.Equal("editor", await RolesAsync(b, cookie));
        Assert.Equal(1, accounts.Asked);

        accounts.Roles = [];
        await a.Store.OutdateClaimsAsync(AccountTag.For("id-of-alice"), 2, Cancel);
        Assert.Equal("", await RolesAsync(b, cookie));
    }

    [Fact]
    public async Task Session_of_an_account_that_may_not_be_signed_in_any_more_ends()
    {
        var accounts = new Accounts();
        await using var app = await StartAsync(accounts);
        var cookie = await app.SignInAsync("bob");
        accounts.Roles = null;
        await app.Store.OutdateClaimsAsync(AccountTag.For("id-of-bob"), 1, Cancel);

        Assert.Equal("nobody", await app.WhoAsync(cookie));
        Assert.Equal("303 /account/signed-out?reason=account-disabled", await app.WhoAsync(cookie));
    }

    private Task<PlainApp> StartAsync(Accounts accounts) => PlainApp.StartAsync(
        redis.Configuration, services: services => services.AddSingleton(accounts), more: sessions => sessions.RefreshClaimsWith<Claims>());

    private static async Task<string> RolesAsync(PlainApp app, string cookie)
    {
        using var response = await app.GetAsync("/roles", cookie);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    private sealed class Accounts
    {
        public string[]? Roles { get; set; } = [];

        public int Asked { get; set; }
    }

    private sealed class Claims(Accounts accounts) : ISessionClaims
    {
        public Task<ClaimsPrincipal?> GetAsync(string accountId, CancellationToken cancellationToken)
        {
            accounts.Asked++;
            return Task.FromResult(accounts.Roles is not { } roles ? null : new ClaimsPrincipal(new ClaimsIdentity(
                [new("sub", accountId), new("name", accountId["id-of-".Length..]), .. roles.Select(role => new Claim("role", role))], "password", "name", "role")));
        }
    }
}
