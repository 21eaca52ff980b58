using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Data;
using SessionWeb.Hosting;

namespace SessionWeb.IntegrationTests.Accounts;

public sealed class InitialAccountsTests
{
    private static readonly Dictionary<string, string?> Demo = new()
    {
        ["Demo:Accounts:0:UserName"] = "admin",
        ["Demo:Accounts:0:Password"] = "correct horse battery admin",
        ["Demo:Accounts:0:Roles:0"] = "admin",
        ["Demo:Accounts:1:UserName"] = "alice",
        ["Demo:Accounts:1:Password"] = "correct horse battery alice",
    };

    [Fact]
    public async Task R13_Production_starts_without_accounts()
    {
        await using var app = await AccountsApp.StartAsync("Production", settings: Demo);
        Assert.Equal(0, await app.WithAsync((AppDbContext d) => d.Users.CountAsync()));
        foreach (var password in new[] { "admin", "password", "", "correct horse battery admin" })
            Assert.Equal(SignInRefusal.UnknownName, (await app.CheckAsync("admin", password)).Refusal);
    }

    [Fact]
    public async Task Concurrent_Development_nodes_add_demo_accounts_once()
    {
        using var directory = new TemporaryDirectory();
        for (var round = 0; round < 2; round++)
        {
            var nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(
                _ => Task.Run(() => AccountsApp.StartAsync("Development", directory.FullPath, Demo))));
            Assert.Equal(2, await nodes[0].WithAsync((AppDbContext d) => d.Users.CountAsync()));
            Assert.True(
                (await nodes[1].CheckAsync("admin", "correct horse battery admin")).Principal!.IsInRole(Roles.Admin));
            Assert.Empty(
                (await nodes[2].CheckAsync("alice", "correct horse battery alice")).Principal!.FindAll("role"));
            foreach (var node in nodes)
                await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task Short_demo_password_stops_startup_with_one_error()
    {
        var settings = new Dictionary<string, string?>(Demo) { ["Demo:Accounts:1:Password"] = "short" };
        var e = await Assert.ThrowsAsync<StartupException>(
            () => AccountsApp.StartAsync("Development", settings: settings));
        Assert.StartsWith("Demo:Accounts: 'alice' cannot be added: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_link_closes_when_an_administrator_exists()
    {
        await using var app = await AccountsApp.StartAsync();
        var token = await app.WithAsync((SetupTokens l) => Task.FromResult(l.NewToken()));
        Assert.True(await app.WithAsync((SetupTokens l) => l.IsValidAsync(token)));
        var results = await Task.WhenAll(Enumerable.Range(1, 3).Select(n => Task.Run(() =>
            app.WithAsync((SetupTokens l) => l.AddAdministratorAsync($"admin{n}", "correct horse battery")))));
        Assert.Single(results, r => r.Succeeded);
        Assert.Equal(1, await app.WithAsync((AppDbContext d) => d.Users.CountAsync()));
        Assert.False(await app.WithAsync((SetupTokens l) => l.IsValidAsync(token)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("guessed")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Setup_link_with_an_invalid_token_is_closed(string? token)
    {
        await using var app = await AccountsApp.StartAsync();
        Assert.False(await app.WithAsync((SetupTokens l) => l.IsValidAsync(token)));
    }
}
