using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions;
using SessionWeb.Sessions.Http;

namespace SessionWeb.IntegrationTests.Library;

/// <summary>Cookies, tickets and messages are valid only for their authentication scheme.</summary>
public sealed class SchemeTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task B16_Cookie_of_another_scheme_is_anonymous()
    {
        await using var customers = await PlainApp.StartAsync(redis.Configuration);
        await using var staff = await PlainApp.StartAsync(redis.Configuration, scheme: "Staff");

        Assert.Equal("anonymous", await staff.WhoAsync(await customers.SignInAsync("alice")));
        Assert.Equal("anonymous", await customers.WhoAsync(await staff.SignInAsync("alice")));
        Assert.Equal("alice", await staff.WhoAsync(await staff.SignInAsync("alice")));
    }

    [Fact]
    public async Task B16_Ticket_of_another_scheme_is_anonymous()
    {
        await using var app = await PlainApp.StartAsync(redis.Configuration);
        var token = SessionToken.New(AccountTag.For("id-of-carol"));
        var principal = new ClaimsPrincipal(
            new ClaimsIdentity([new("sub", "id-of-carol"), new("name", "carol")], "password", "name", "role"));
        await app.Store.CreateAsync(new()
        {
            Key = token.Key,
            AccountId = "id-of-carol",
            AccountName = "carol",
            IdleTimeout = TimeSpan.FromMinutes(5),
            Lifetime = TimeSpan.FromMinutes(5),
            Ticket = SessionTicketStore.Serialize(new(principal, "Staff")),
        }, Cancel);
        var cookie = "sid=" + app.Services.GetRequiredService<SessionCookieProtector>().Protect(token);

        Assert.Equal("anonymous", await app.WhoAsync(cookie));
        Assert.Equal("anonymous", await app.WhoAsync(cookie));
        using (await app.PostAsync("/in?name=bob", cookie))
            Assert.Single(await app.Store.ListAsync([AccountTag.For("id-of-carol")], Cancel));
    }

    [Fact]
    public async Task B16_Message_of_another_scheme_is_ignored()
    {
        await using var customers = await PlainApp.StartAsync(redis.Configuration);
        await using var staff = await PlainApp.StartAsync(redis.Configuration, scheme: "Staff");
        var cookie = await customers.SignInAsync("alice");
        var end = new SessionEnd(SessionEndReasons.RevokedByAdmin, "admin", "Hello.");
        await customers.Store.EndAccountAsync(AccountTag.For("id-of-alice"), end, cancellationToken: Cancel);
        using var ended = await customers.GetAsync("/who", cookie);
        var message = ended.Headers.GetValues("Set-Cookie")
            .Single(set => set.StartsWith("sid-ended=", StringComparison.Ordinal)).Split(';')[0];

        Assert.Equal("nothing", await PageAsync(staff, message));
        Assert.Equal("revoked-by-admin admin Hello.", await PageAsync(customers, message));
    }

    private static async Task<string> PageAsync(PlainApp app, string cookie)
    {
        using var response = await app.GetAsync("/account/signed-out", cookie);
        return await response.Content.ReadAsStringAsync(Cancel);
    }
}
