using Microsoft.EntityFrameworkCore;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.SelfService;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Administration;

public sealed class ProfileActionsTests
{
    [Theory]
    [InlineData("Keep", true, false, null)]
    [InlineData("RefreshClaims", true, true, null)]
    [InlineData("ReAuthenticate", false, false, "account-changed")]
    [InlineData("Revoke", false, false, "account-changed")]
    public async Task Name_or_email_change_has_the_configured_effect(
        string effect, bool isValid, bool isStale, string? reason)
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
            var earlierCheck = await app.CheckAsync(name, Password);
            Assert.True((await app.WithAsync(change)).Result.Succeeded);
            var read = await app.WithAsync((ISessionStore s) => s.ReadAsync(session, default));
            Assert.Equal(
                (isValid, isStale, reason),
                (read.Session is not null, read.CurrentClaimsVersion is not null, read.End?.Reason));
            Assert.Equal(effect == "ReAuthenticate", read.End?.SignInAgain == true);
            Assert.Equal(
                isValid ? CreateOutcome.Created : CreateOutcome.StaleGeneration,
                (await app.TryStartSessionAsync(earlierCheck)).Outcome);
        }
        Assert.True((await app.CheckAsync("alice.NEW", Password)).Succeeded);
        Assert.False((await app.CheckAsync("alice", Password)).Succeeded);
        var entries = await app.WithAsync((AppDbContext d) => d.AuditEntries
            .Where(e => e.Event == AuditEvents.NameChanged || e.Event == AuditEvents.EmailChanged).ToListAsync());
        Assert.Equal(
            [(AuditEvents.NameChanged, "root", "alice → alice.new"),
                (AuditEvents.EmailChanged, "root", "– → alice@example.org")],
            entries.Select(e => (e.Event, e.By!, e.Details!)));
    }

    [Theory]
    [InlineData("BOB", "DuplicateUserName")]
    [InlineData("with space", "InvalidUserName")]
    [InlineData("", "InvalidUserName")]
    public async Task Renaming_to_an_invalid_or_taken_name_is_refused(string newName, string code)
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        await app.AddAsync("bob", Password);
        var id = (await app.AccountAsync("alice")).Id;
        Assert.Equal(
            code,
            (await app.WithAsync((ProfileActions a) => a.RenameAsync(id, newName, "root"))).Result.Errors.First().Code);
        Assert.Equal(
            "NoAccount",
            (await app.WithAsync((ProfileActions a) => a.RenameAsync("unknown", "carol", "root")))
                .Result.Errors.First().Code);
        Assert.True((await app.CheckAsync("alice", Password)).Succeeded);
    }

    [Fact]
    public async Task Concurrent_renames_to_one_name_succeed_once()
    {
        await using var app = await AccountsApp.StartAsync();
        foreach (var name in new[] { "one", "two", "three" })
            await app.AddAsync(name, Password);
        string[] ids =
        [
            (await app.AccountAsync("one")).Id, (await app.AccountAsync("two")).Id,
            (await app.AccountAsync("three")).Id,
        ];
        var results = await Task.WhenAll(ids.Select(
            id => Task.Run(() => app.WithAsync((ProfileActions a) => a.RenameAsync(id, "the.name", "root")))));
        Assert.Single(results, result => result.Result.Succeeded);
        Assert.All(
            results.Where(result => !result.Result.Succeeded),
            result => Assert.Equal("DuplicateUserName", result.Result.Errors.First().Code));
        Assert.Single(await app.WithAsync(
            (AppDbContext d) => d.AuditEntries.Where(e => e.Event == AuditEvents.NameChanged).ToListAsync()));
    }

    [Fact]
    public async Task Email_change_requires_the_password_and_counts_failures()
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
        Assert.Null((await ChangeAsync(Password, "a@example.org")).Check);
        Assert.Equal(
            ("a@example.org", "A@EXAMPLE.ORG"),
            ((await app.AccountAsync("alice")).Email, (await app.AccountAsync("alice")).NormalizedEmail));

        Task<OwnAccountChange> ChangeAsync(string password, string email) =>
            app.WithAsync((OwnEmail a) => a.ChangeAsync(id, password, email));
    }
}
