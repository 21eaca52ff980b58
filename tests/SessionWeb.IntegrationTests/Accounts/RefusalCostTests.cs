using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.SelfService;

namespace SessionWeb.IntegrationTests.Accounts;

/// <summary>The cost of a refused sign-in does not depend on the reason.</summary>
public sealed class RefusalCostTests
{
    private const string Wrong = "wrong horse battery";

    private static readonly string[] Names = ["unknown", "open", "locked", "disabled", "last.guess"];

    private readonly CommitCounter _commits = new();

    private Task<AccountsApp> StartAsync(int cost = 10) => AccountsApp.StartAsync(
        settings: new() { ["Accounts:BcryptCost"] = $"{cost}" },
        configure: services =>
        {
            services.AddSingleton<HashWorkCounter>();
            services.AddSingleton<BcryptPasswordHasher>(provider => provider.GetRequiredService<HashWorkCounter>());
            services.ConfigureDbContext<AppDbContext>(options => options.AddInterceptors(_commits));
        });

    [Theory]
    [InlineData(10, 12)]
    [InlineData(10, 11)]
    [InlineData(11, 10)]
    [InlineData(12, 10)]
    [InlineData(10, 10)]
    public async Task B04_Locked_account_costs_the_same_for_any_password(int stored, int configured)
    {
        await using var app = await StartAsync(configured);
        await AddAsync(app, "locked", stored, a => a.LockoutEnd = DateTimeOffset.UtcNow.AddDays(1));
        await AddAsync(app, "disabled", stored, a => a.DisabledAt = DateTimeOffset.UtcNow);
        var hasher = app.App.Services.GetRequiredService<HashWorkCounter>();
        foreach (var name in new[] { "locked", "disabled" })
        {
            hasher.ReadAndResetWork();
            Assert.False((await app.CheckAsync(name, Wrong)).Succeeded);
            var wrong = hasher.ReadAndResetWork();
            Assert.False((await app.CheckAsync(name, Password)).Succeeded);
            Assert.Equal(wrong, hasher.ReadAndResetWork());
            Assert.Equal(1L << Math.Max(stored, configured), wrong);
        }
    }

    [Fact]
    public async Task B04_Any_password_for_a_locked_account_counts_as_a_failure()
    {
        await using var app = await StartAsync();
        await AddAsync(app, "locked", 10, a => a.LockoutEnd = DateTimeOffset.UtcNow.AddDays(1));
        await app.CheckAsync("locked", Wrong);
        Assert.Equal(1, (await app.AccountAsync("locked")).AccessFailedCount);
        await app.CheckAsync("locked", Password);
        Assert.Equal(2, (await app.AccountAsync("locked")).AccessFailedCount);
    }

    [Fact]
    public async Task B04_Failed_sign_ins_never_shorten_a_lockout()
    {
        await using var app = await StartAsync();
        await AddAsync(app, "locked", 10, a => a.LockoutEnd = DateTimeOffset.UtcNow.AddDays(1));
        for (var i = 0; i < 12; i++)
            Assert.Equal(SignInRefusal.Locked, (await app.CheckAsync("locked", Wrong)).Refusal);
        Assert.True((await app.AccountAsync("locked")).LockoutEnd > DateTimeOffset.UtcNow.AddHours(23));
    }

    [Fact]
    public async Task B10_Refusal_costs_one_commit_for_every_reason()
    {
        await using var app = await StartAsync();
        await AddAsync(app, "open", 10, _ => { });
        await AddAsync(app, "locked", 10, a => a.LockoutEnd = DateTimeOffset.UtcNow.AddDays(1));
        await AddAsync(app, "disabled", 10, a => a.DisabledAt = DateTimeOffset.UtcNow);
        await AddAsync(app, "last.guess", 10, a => a.AccessFailedCount = 9);
        var attempts = Names.Select(name => (name, Wrong))
            .Append(("locked", Password)).Append(("disabled", Password)).Append(("unknown", Password)).ToList();
        foreach (var (name, password) in attempts)
        {
            var (commits, entries) = (_commits.Count, await EntriesAsync(app, name));
            Assert.False((await app.CheckAsync(name, password)).Succeeded);
            Assert.True(_commits.Count - commits == 1, $"{name}: {_commits.Count - commits} commits");
            Assert.Equal(entries + 1, await EntriesAsync(app, name));
        }
    }

    [Fact]
    public async Task B10_Refused_code_costs_one_commit()
    {
        await using var app = await StartAsync();
        await app.AddAsync("alice", Password);
        var (_, key, _) = await app.EnableTwoFactorAsync("alice", Password);
        var pending = PendingSignIn.Of(await app.CheckAsync("alice", Password), false);
        var commits = _commits.Count;
        Assert.False((await app.WithAsync((SignInCode s) => s.CheckAsync(pending, Totp.Wrong(key)))).Succeeded);
        Assert.Equal(commits + 1, _commits.Count);
        await app.ChangeAsync("alice", a => a.LockoutEnd = DateTimeOffset.UtcNow.AddDays(1));
        commits = _commits.Count;
        Assert.False((await app.WithAsync((SignInCode s) => s.CheckAsync(pending, Totp.Wrong(key)))).Succeeded);
        Assert.Equal(commits + 1, _commits.Count);
        Assert.Equal(2, await EntriesAsync(app, "alice"));
    }

    [Fact]
    public async Task B10_Refused_password_change_costs_one_commit()
    {
        await using var app = await StartAsync();
        await app.AddAsync("alice", Password);
        var id = (await app.AccountAsync("alice")).Id;
        var commits = _commits.Count;
        Assert.False((await app.WithAsync(
            (OwnPassword p) => p.ChangeAsync(id, Wrong, "another horse battery"))).Result.Succeeded);
        Assert.Equal(commits + 1, _commits.Count);
        var entry = await app.WithAsync(
            (AppDbContext d) => d.AuditEntries.AsNoTracking().OrderBy(e => e.Id).LastAsync());
        Assert.Equal(
            (AuditEvents.SignInRefused, id, "wrong-password", "to change the password"),
            (entry.Event, entry.AccountId, entry.Reason, entry.Details));
    }

    private static Task<int> EntriesAsync(AccountsApp app, string name) =>
        app.WithAsync((AppDbContext d) => d.AuditEntries.CountAsync(
            e => e.AccountName == name && e.Event == AuditEvents.SignInRefused));

    private static async Task AddAsync(AccountsApp app, string name, int cost, Action<Account> change)
    {
        var hasher = new BcryptPasswordHasher(Options.Create(new AccountOptions { BcryptCost = cost }));
        Assert.True((await app.AddAsync(name, Password)).Succeeded);
        await app.ChangeAsync(name, a =>
        {
            a.PasswordHash = hasher.HashPassword(a, Password);
            change(a);
        });
    }
}
