using Microsoft.EntityFrameworkCore;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Administration;

public sealed class ProfileActionsTests
{
    [Theory]
    [InlineData("Keep", true, false, null)]
    [InlineData("RefreshClaims", true, true, null)]
    [InlineData("ReAuthenticate", false, false, "account-changed")]
    [InlineData("Revoke", false, false, "account-changed")]
    public async Task Changed_name_and_address_do_to_sessions_what_the_table_says(string effect, bool lives, bool refreshed, string? reason)
    {
        await using var app = await AccountsApp.StartAsync(
            settings: new() { ["Sessions:Effects:NameChanged"] = effect, ["Sessions:Effects:EmailChanged"] = effect });
        await app.AddAsync("alice", Password);
        var id = (await app.AccountAsync("alice")).Id;
        foreach (var change in new Func<ProfileActions, Task<AccountResult>>[]
        {
            a => a.RenameAsync(id, "alice.new", "root"), a => a.SetEmailAsync(id, "alice@example.org", "root"),
        })
        {
            var name = (await app.WithAsync((AppDbContext d) => d.Users.SingleAsync(a => a.Id == id))).UserName!;
            var session = await app.StartSessionAsync(name);
            var underWay = await app.CheckAsync(name, Password);
            Assert.True((await app.WithAsync(change)).Result.Succeeded);
            var read = await app.WithAsync((ISessionStore s) => s.ReadAsync(session, default));
            Assert.Equal((lives, refreshed, reason), (read.Session is not null, read.CurrentClaimsVersion is not null, read.End?.Reason));
            Assert.Equal(effect == "ReAuthenticate", read.End?.SignInAgain == true);
            Assert.Equal(lives ? CreateOutcome.Created : CreateOutcome.StaleGeneration, (await app.TryStartSessionAsync(underWay)).Outcome);
        }
        Assert.True((await app.CheckAsync("alice.NEW", Password)).Succeeded);
        Assert.False((await app.CheckAsync("alice", Password)).Succeeded);
        var entries = await app.WithAsync((AppDbContext d) => d.AuditEntries.Where(e => e.Event == AuditEvents.NameChanged || e.Event == AuditEvents.EmailChanged).ToListAsync());
        Assert.Equal(
            [(AuditEvents.NameChanged, "root", "alice → alice.new"), (AuditEvents.EmailChanged, "root", "– → alice@example.org")],
            entries.Select(e => (e.Event, e.By!, e.Details!)));
    }

    [Theory]
    [InlineData("BOB", "DuplicateUserName")]
    [InlineData("with space", "InvalidUserName")]
    [InlineData("", "InvalidUserName")]
    public async Task Name_that_cannot_be_is_refused_and_nothing_changes(string wanted, string code)
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        await app.AddAsync("bob", Password);
        var id = (await app.AccountAsync("alice")).Id;
        Assert.Equal(code, (await app.WithAsync((ProfileActions a) => a.RenameAsync(id, wanted, "root"))).Result.Errors.First().Code);
        Assert.Equal("NoAccount", (await app.WithAsync((ProfileActions a) => a.RenameAsync("nobody", "carol", "root"))).Result.Errors.First().Code);
        Assert.True((await app.CheckAsync("alice", Password)).Succeeded);
    }

    [Fact]
    public async Task Of_two_who_are_given_one_name_at_once_one_gets_it()
    {
        await using var app = await AccountsApp.StartAsync();
        foreach (var name in new[] { "one", "two", "three" })
            await app.AddAsync(name, Password);
        string[] ids = [(await app.AccountAsync("one")).Id, (await app.AccountAsync("two")).Id, (await app.AccountAsync("three")).Id];
        var results = await Task.WhenAll(ids.Select(id => Task.Run(() => app.WithAsync((ProfileActions a) => a.RenameAsync(id, "the.name", "root")))));
        Assert.Single(results, result => result.Result.Succeeded);
        Assert.All(results.Where(result => !result.Result.Succeeded), result => Assert.Equal("DuplicateUserName", result.Result.Errors.First().Code));
        Assert.Single(await app.WithAsync((AppDbContext d) => d.AuditEntries.Where(e => e.Event == AuditEvents.NameChanged).ToListAsync()));
    }

    [Fact]
    public async Task Own_address_wants_the_password_and_wrong_guesses_count()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        var id = (await app.AccountAsync("alice")).Id;
        for (var i = 0; i < 10; i++)
            Assert.Equal("PasswordMismatch", (await ChangeAsync("wrong", "a@example.org")).Result.Errors.Single().Code);
        Assert.Equal("PasswordMismatch", (await ChangeAsync(Password, "a@example.org")).Result.Errors.Single().Code);
        await app.ChangeAsync("alice", a => a.LockoutEnd = null);
        Assert.Equal("InvalidEmail", (await ChangeAsync(Password, "nonsense")).Result.Errors.Single().Code);
        Assert.True((await ChangeAsync(Password, "a@example.org")).Result.Succeeded);
        Assert.Null((await ChangeAsync(Password, "a@example.org")).Change);
        Assert.Equal(("a@example.org", "A@EXAMPLE.ORG"), ((await app.AccountAsync("alice")).Email, (await app.AccountAsync("alice")).NormalizedEmail));

        Task<OwnAccountChange> ChangeAsync(string password, string email) => app.WithAsync((ProfileActions a) => a.ChangeEmailAsync(id, password, email));
    }
}
