using Microsoft.Extensions.Options;
using SessionWeb.Accounts;
using SessionWeb.Data;

namespace SessionWeb.IntegrationTests.Accounts;

public sealed class SignInTests
{
    [Fact]
    public async Task Right_password_returns_the_principal_and_generation()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password, Roles.Admin);
        await app.ChangeAsync("alice", a => a.Generation = 7);
        var check = await app.CheckAsync("ALICE", Password);
        Assert.True(check.Succeeded);
        Assert.Equal(7, check.Generation);
        Assert.Equal(
            [("sub", check.Account.Id), ("name", "alice"), ("role", "admin")],
            check.Principal.Claims.Select(c => (c.Type, c.Value)));
        Assert.True(check.Principal.IsInRole("admin"));
        Assert.Equal("alice", check.Principal.Identity?.Name);
        Assert.NotNull((await app.AccountAsync("alice")).LastSignInAt);
    }

    [Fact]
    public async Task Password_check_of_a_signed_in_user_is_no_sign_in()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);

        var check = await app.WithAsync((SignIn s) => s.CheckAsync("alice", Password, "to change the password"));

        Assert.True(check.Succeeded);
        Assert.Null((await app.AccountAsync("alice")).LastSignInAt);
    }

    [Theory]
    [InlineData("alice", "wrong horse battery", SignInRefusal.WrongPassword)]
    [InlineData("unknown", Password, SignInRefusal.UnknownName)]
    [InlineData("ali\0ce", Password, SignInRefusal.UnknownName)]
    [InlineData("\ud800", Password, SignInRefusal.UnknownName)]
    [InlineData("", "", SignInRefusal.UnknownName)]
    public async Task R04_Refusal_reason_is_known_only_to_the_log(string userName, string password, object refusal)
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        var check = await app.CheckAsync(userName, password);
        Assert.False(check.Succeeded);
        Assert.Equal(refusal, check.Refusal);
    }

    [Fact]
    public async Task R12_Overlong_name_or_password_is_refused_before_hashing()
    {
        await using var app = await AccountsApp.StartAsync(settings: new() { ["Accounts:BcryptCost"] = "16" });
        var (password, name) = (new string('a', 1_000_000), new string('a', 65_536));
        // One hash takes seconds at this cost, so hashing every password would take minutes.
        await Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.Equal(SignInRefusal.TooLong, (await app.CheckAsync("alice", password)).Refusal);
                Assert.Equal(SignInRefusal.TooLong, (await app.CheckAsync(name, Password)).Refusal);
            }
        }).WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Tenth_failure_locks_the_account()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        for (var i = 0; i < 9; i++)
            await app.CheckAsync("alice", "wrong");
        Assert.True((await app.CheckAsync("alice", Password)).Succeeded);
        for (var i = 0; i < 10; i++)
            Assert.Equal(SignInRefusal.WrongPassword, (await app.CheckAsync("alice", "wrong")).Refusal);
        Assert.Equal(SignInRefusal.Locked, (await app.CheckAsync("alice", Password)).Refusal);
        Assert.InRange(
            (await app.AccountAsync("alice")).LockoutEnd!.Value - DateTimeOffset.UtcNow,
            TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        await app.ChangeAsync("alice", a => a.LockoutEnd = DateTimeOffset.UtcNow.AddSeconds(-1));
        Assert.True((await app.CheckAsync("alice", Password)).Succeeded);
    }

    [Fact]
    public async Task R08_Concurrent_wrong_passwords_all_count()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => Task.Run(() => app.CheckAsync("alice", "wrong"))));
        Assert.Equal(9, (await app.AccountAsync("alice")).AccessFailedCount);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => app.CheckAsync("alice", "wrong"))));
        Assert.Equal(SignInRefusal.Locked, (await app.CheckAsync("alice", Password)).Refusal);
    }

    [Fact]
    public async Task Concurrent_sign_ins_with_the_right_password_succeed()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        var checks = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => app.CheckAsync("alice", Password))));
        Assert.All(checks, c => Assert.True(c.Succeeded));
    }

    [Fact]
    public async Task Disabled_account_is_refused_until_its_end_time()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        await app.ChangeAsync("alice", a => a.DisabledAt = DateTimeOffset.UtcNow);
        Assert.Equal(SignInRefusal.Disabled, (await app.CheckAsync("alice", Password)).Refusal);
        await app.ChangeAsync("alice", a => a.DisabledUntil = DateTimeOffset.UtcNow.AddHours(1));
        Assert.Equal(SignInRefusal.Disabled, (await app.CheckAsync("alice", Password)).Refusal);
        await app.ChangeAsync("alice", a => a.DisabledUntil = DateTimeOffset.UtcNow.AddSeconds(-1));
        Assert.True((await app.CheckAsync("alice", Password)).Succeeded);
    }

    [Fact]
    public async Task R05_Refusal_takes_the_same_time_for_every_reason()
    {
        await using var app = await AccountsApp.StartAsync();
        var cheaper = new BcryptPasswordHasher(Options.Create(new AccountOptions { BcryptCost = 8 }));
        await app.AddAsync("oldhash", Password);
        await app.ChangeAsync("oldhash", a => a.PasswordHash = cheaper.HashPassword(a, Password));
        await app.AddAsync("wrong", Password);
        await app.AddAsync("locked", Password);
        await app.AddAsync("disabled", Password);
        await app.ChangeAsync("locked", a => a.LockoutEnd = DateTimeOffset.UtcNow.AddDays(1));
        await app.ChangeAsync("disabled", a => a.DisabledAt = DateTimeOffset.UtcNow);
        var times = new Dictionary<string, List<double>>
        {
            ["unknown"] = [],
            ["wrong"] = [],
            ["locked"] = [],
            ["disabled"] = [],
            ["oldhash"] = [],
        };
        for (var round = 0; round < 9; round++)
        {
            foreach (var (name, taken) in times)
            {
                var started = TimeProvider.System.GetTimestamp();
                Assert.False((await app.CheckAsync(name, "wrong horse battery")).Succeeded);
                taken.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
            }
        }
        // The minimum excludes other load on the machine. Without constant-cost refusals the factor is at least 4.
        var fastest = times.ToDictionary(t => t.Key, t => t.Value.Min());
        Assert.True(fastest.Values.Max() < 2 * fastest.Values.Min(), string.Join(", ", fastest));
    }

    [Fact]
    public async Task Hash_with_an_old_cost_is_replaced_at_sign_in()
    {
        using var directory = new TemporaryDirectory();
        await using (var before = await AccountsApp.StartAsync(directory: directory.FullPath))
            await before.AddAsync("alice", Password);
        await using var app = await AccountsApp.StartAsync(
            directory: directory.FullPath, settings: new() { ["Accounts:BcryptCost"] = "11" });
        Assert.StartsWith("$2b$10$", (await app.AccountAsync("alice")).PasswordHash, StringComparison.Ordinal);
        Assert.False((await app.CheckAsync("alice", "wrong")).Succeeded);
        Assert.True((await app.CheckAsync("alice", Password)).Succeeded);
        Assert.StartsWith("$2b$11$", (await app.AccountAsync("alice")).PasswordHash, StringComparison.Ordinal);
        Assert.True((await app.CheckAsync("alice", Password)).Succeeded);
    }
}
