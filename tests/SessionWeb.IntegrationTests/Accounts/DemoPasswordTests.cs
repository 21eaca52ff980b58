using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionWeb.Administration;
using SessionWeb.CommandLine;
using SessionWeb.Data;
using SessionWeb.SelfService;
using Commands = SessionWeb.CommandLine.CommandRunner;

namespace SessionWeb.IntegrationTests.Accounts;

/// <summary>A data directory from Development that a Production node opens.</summary>
public sealed class DemoPasswordTests : IDisposable
{
    private const string DemoPassword = "a demo password of this test";
    private const string PublishedPassword = "correct horse battery admin";
    private static readonly Dictionary<string, string?> Demo = new()
    {
        ["Demo:Accounts:0:UserName"] = "root",
        ["Demo:Accounts:0:Password"] = DemoPassword,
        ["Demo:Accounts:0:Roles:0"] = "admin",
    };

    private static readonly string[] Published = ["admin", "alice", "bob"];

    private readonly TemporaryDirectory _directory = new();
    private readonly CapturedLog _log = new();

    [Fact]
    public async Task B03_Seeded_account_is_refused_outside_Development()
    {
        await SeedAsync();
        await using (var app = await StartAsync())
        {
            Assert.False((await app.CheckAsync("root", DemoPassword)).Succeeded);
            Assert.Equal(1, (await app.AccountAsync("root")).AccessFailedCount);
        }
        await using var again = await StartAsync("Development", Demo);
        Assert.True((await again.CheckAsync("root", DemoPassword)).Succeeded);
    }

    [Fact]
    public async Task B03_Seeded_account_with_a_reset_password_signs_in()
    {
        await SeedAsync();
        await using (var app = await StartAsync())
        {
            var id = (await app.AccountAsync("root")).Id;
            Assert.True((await app.WithAsync(
                (CredentialActions p) => p.ResetPasswordAsync(id, AnotherPassword, "command line"))).Result.Succeeded);
            Assert.True((await app.CheckAsync("root", AnotherPassword)).Succeeded);
        }
        await using var again = await StartAsync();
        Assert.True((await again.CheckAsync("root", AnotherPassword)).Succeeded);
    }

    [Fact]
    public async Task B03_Seeded_account_with_a_changed_password_signs_in()
    {
        await SeedAsync();
        await using (var app = await StartAsync("Development", Demo))
        {
            var id = (await app.AccountAsync("root")).Id;
            Assert.True((await app.WithAsync(
                (OwnPassword p) => p.ChangeAsync(id, DemoPassword, AnotherPassword))).Result.Succeeded);
        }
        await using var again = await StartAsync();
        Assert.True((await again.CheckAsync("root", AnotherPassword)).Succeeded);
    }

    [Fact]
    public async Task B03_Seeded_accounts_of_the_previous_revision_are_refused()
    {
        CopyFixture();
        await using var app = await StartAsync();
        Assert.False((await app.CheckAsync("admin", PublishedPassword)).Succeeded);
        Assert.False((await app.CheckAsync("alice", "correct horse battery alice")).Succeeded);
        Assert.False((await app.CheckAsync("bob", "correct horse battery bob")).Succeeded);
    }

    [Fact]
    public async Task B03_Previously_seeded_account_with_a_new_password_signs_in()
    {
        CopyFixture();
        await using (var app = await StartAsync("Development"))
        {
            var id = (await app.AccountAsync("admin")).Id;
            Assert.True((await app.WithAsync(
                (CredentialActions p) => p.ResetPasswordAsync(id, AnotherPassword, "root"))).Result.Succeeded);
        }
        await using var again = await StartAsync();
        Assert.True((await again.CheckAsync("admin", AnotherPassword)).Succeeded);
        Assert.False((await again.CheckAsync("alice", "correct horse battery alice")).Succeeded);
    }

    [Fact]
    public async Task B03_Account_added_in_Production_signs_in_with_any_password()
    {
        for (var start = 0; start < 2; start++)
        {
            await using var app = await StartAsync();
            if (start == 0)
                Assert.True((await app.AddAsync("admin", PublishedPassword, Roles.Admin)).Succeeded);
            Assert.True((await app.CheckAsync("admin", PublishedPassword)).Succeeded);
        }
    }

    [Fact]
    public async Task B03_Startup_warns_about_demo_accounts()
    {
        await SeedAsync();
        await using (await StartAsync())
        {
            var warning = Assert.Single(_log.Warnings, line => line.Contains("root", StringComparison.Ordinal));
            Assert.Contains("accounts reset-password", warning, StringComparison.Ordinal);
        }
        await using var app = await StartAsync();
        using var output = new StringWriter();
        Assert.Equal(
            0,
            await Commands.RunAsync(
                ["accounts", "list"], app.App.Services, new Terminal(new StringReader(""), output, output, false)));
        Assert.Matches(@"\nroot +admin +demo password +", output.ToString());
    }

    [Fact]
    public async Task B03_Demo_administrator_does_not_count_as_the_last_one()
    {
        await SeedAsync();
        await using var app = await StartAsync();
        await app.AddAsync("real", AnotherPassword, Roles.Admin);
        var id = (await app.AccountAsync("real")).Id;
        Assert.Equal(
            AccountResult.LastAdministrator,
            await app.WithAsync((AccountActions a) => a.DisableAsync(id, "command line")));
    }

    [Fact]
    public async Task B03_Built_in_demo_passwords_match_the_development_settings()
    {
        CopyFixture();
        await using var app = await StartAsync();
        Assert.Equal(3, await app.WithAsync((AppDbContext d) => d.Users.CountAsync()));
        Assert.Contains(_log.Warnings, line => Published.All(name => line.Contains(name, StringComparison.Ordinal)));
    }

    private async Task SeedAsync() => await (await StartAsync("Development", Demo)).DisposeAsync();

    private Task<AccountsApp> StartAsync(
        string environment = "Production", Dictionary<string, string?>? settings = null) =>
        AccountsApp.StartAsync(
            environment, _directory.FullPath, settings, services => services.AddSingleton<ILoggerProvider>(_log));

    private void CopyFixture()
    {
        var data = Directory.CreateDirectory(Path.Combine(_directory.FullPath, "data")).FullName;
        File.Copy(Path.Combine(Repository.Fixtures, "accounts.db"), Path.Combine(data, "sessionweb.db"));
    }

    public void Dispose()
    {
        _log.Dispose();
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }
}
