using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.EmbeddedStore;
using SessionWeb.Revocations;
using SessionWeb.SelfService;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Administration;

/// <summary>
/// A change and its revocation are one transaction. Database triggers simulate failures between two statements.
/// </summary>
public sealed class RecordedRevocationTests
{
    private static async Task<(AccountsApp App, string Id)> StartAsync(Dictionary<string, string?>? settings = null)
    {
        var app = await AccountsApp.StartAsync(settings: settings);
        await app.AddAsync("root", Password, Roles.Admin);
        await app.AddAsync("alice", Password, Roles.Admin);
        return (app, (await app.AccountAsync("alice")).Id);
    }

    private static Task<int> ExecuteAsync(AccountsApp app, string sql) =>
        app.WithAsync((AppDbContext d) => d.Database.ExecuteSqlRawAsync(sql));

    private static Task<Session?> FindSessionAsync(AccountsApp app, SessionKey key) =>
        app.WithAsync(async (ISessionStore s) => (await s.ReadAsync(key, default)).Session);

    [Fact]
    public async Task A05_Pending_revocation_of_everyone_keeps_later_sessions()
    {
        var (app, _) = await StartAsync();
        await using var __ = app;
        var before = await app.StartSessionAsync("alice");
        var pending = await app.WithAsync(async (AppDbContext d) =>
        {
            await using var transaction = await d.Database.BeginTransactionAsync();
            var recorded = await RecordedRevocation.InsertAsync(
                d, new() { End = new(SessionEndReasons.RevokedByAdmin) }, DateTimeOffset.UtcNow, default);
            await transaction.CommitAsync();
            return recorded.Request;
        });
        var after = await app.StartSessionAsync("alice");

        Assert.Equal(1, (await app.WithAsync((ISessionStore s) => s.ApplyAsync(pending, default))).Ended);

        Assert.Null(await FindSessionAsync(app, before));
        Assert.NotNull(await FindSessionAsync(app, after));
    }

    [Fact]
    public async Task A05_Each_revocation_of_everyone_raises_the_epoch()
    {
        var (app, _) = await StartAsync();
        await using var __ = app;
        for (var i = 0; i < 3; i++)
            await app.WithAsync((SessionRevoker r) => r.EndAllAsync(new(SessionEndReasons.RevokedByAdmin)));

        var epochs = await app.WithAsync(
            (AppDbContext d) => d.RevocationJournal.OrderBy(i => i.Generation).Select(i => i.Generation).ToListAsync());

        Assert.Equal(3, epochs.Distinct().Count());
        Assert.All(epochs, epoch => Assert.NotNull(epoch));
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("take-role")]
    [InlineData("sign-out")]
    [InlineData("sign-out-others")]
    [InlineData("reset-password")]
    [InlineData("rename")]
    [InlineData("change-email")]
    [InlineData("disable-two-factor")]
    [InlineData("own-password")]
    [InlineData("own-email")]
    [InlineData("revoke")]
    [InlineData("revoke-selected")]
    [InlineData("revoke-everyone")]
    [InlineData("own-sign-out")]
    public async Task A01_Change_without_its_revocation_is_rolled_back(string action)
    {
        var (app, id) = await StartAsync(new() { ["Sessions:Effects:EmailChanged"] = "Revoke" });
        await using var _ = app;
        if (action == "disable-two-factor")
            await app.EnableTwoFactorAsync("alice", Password);
        var key = await app.StartSessionAsync("alice");
        var session = (await FindSessionAsync(app, key))!;
        var before = await app.AccountAsync("alice");
        var entries = await app.WithAsync((AppDbContext d) => d.AuditEntries.CountAsync());
        await ExecuteAsync(
            app, "CREATE TRIGGER Refuse BEFORE INSERT ON RevocationIntents BEGIN SELECT RAISE(ABORT, 'refused'); END");

        await Assert.ThrowsAsync<DbUpdateException>(() => ActAsync(app, action, id, session));

        var after = await app.AccountAsync("alice");
        Assert.Equal(
            (before.ConcurrencyStamp, before.Generation, before.PasswordHash, before.DisabledAt, before.UserName,
                before.Email),
            (after.ConcurrencyStamp, after.Generation, after.PasswordHash, after.DisabledAt, after.UserName,
                after.Email));
        Assert.NotNull(await FindSessionAsync(app, key));
        Assert.Equal(entries, await app.WithAsync((AppDbContext d) => d.AuditEntries.CountAsync()));
    }

    private static async Task ActAsync(AccountsApp app, string action, string id, Session session)
    {
        var end = new SessionEnd(SessionEndReasons.RevokedByAdmin, "root");
        var named = new SessionReference(id, session.Handle);
        await (action switch
        {
            "disable" => app.WithAsync<AccountActions, object?>(async a => await a.DisableAsync(id, "root")),
            "take-role" => app.WithAsync<AccountActions, object?>(
                async a => await a.RemoveRoleAsync(id, Roles.Admin, "root")),
            "sign-out" => app.WithAsync<AccountActions, object?>(async a => await a.SignOutEverywhereAsync(id, "root")),
            "sign-out-others" => app.WithAsync<AccountActions, object?>(
                async a => await a.SignOutEverywhereAsync(id, "alice", keep: session.Handle)),
            "reset-password" => app.WithAsync<CredentialActions, object?>(
                async a => await a.ResetPasswordAsync(id, AnotherPassword, "root")),
            "rename" => app.WithAsync<ProfileActions, object?>(async a => await a.RenameAsync(id, "alice.new", "root")),
            "change-email" => app.WithAsync<ProfileActions, object?>(
                async a => await a.SetEmailAsync(id, "a@example.org", "root")),
            "disable-two-factor" => app.WithAsync<CredentialActions, object?>(
                async a => await a.DisableTwoFactorAsync(id, "root")),
            "own-password" => app.WithAsync<OwnPassword, object?>(
                async a => await a.ChangeAsync(id, Password, AnotherPassword)),
            "own-email" => app.WithAsync<OwnEmail, object?>(
                async a => await a.ChangeAsync(id, Password, "a@example.org")),
            "revoke" => app.WithAsync<SessionRevoker, object?>(async r => await r.EndSessionAsync(named, "alice", end)),
            "revoke-selected" => app.WithAsync<SessionRevoker, object?>(
                async r => await r.EndSessionsAsync([named], end, default)),
            "revoke-everyone" => app.WithAsync<SessionRevoker, object?>(async r => await r.EndAllAsync(end)),
            _ => app.WithAsync<SessionRevoker, object?>(async r => await r.SignOutAsync(session, "alice")),
        });
    }

    [Fact]
    public async Task A01_Revocation_outside_a_transaction_is_refused()
    {
        var (app, id) = await StartAsync();
        await using var _ = app;
        var request = new RevocationRequest { Account = AccountTag.For(id) };
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => app.WithAsync((RevocationRecorder r) => r.RecordAsync(request, default)));
        await Assert.ThrowsAsync<ArgumentException>(() => app.WithAsync(
            (RevocationRecorder r) => r.RecordAsync(request with { Handle = "a b,c 1 2 3 4" }, default)));
        Assert.Empty(await app.WithAsync((AppDbContext d) => d.RevocationJournal.ToListAsync()));
    }

    [Fact]
    public async Task A01_Failed_audit_entry_still_reports_the_revocation()
    {
        var (app, id) = await StartAsync();
        await using var _ = app;
        var key = await app.StartSessionAsync("alice");
        await ExecuteAsync(
            app,
            "CREATE TRIGGER Refuse BEFORE INSERT ON AuditEntries WHEN NEW.Event = 'sessions-ended' "
            + "BEGIN SELECT RAISE(ABORT, 'refused'); END");
        Assert.Equal(1, (await app.WithAsync((AccountActions a) => a.DisableAsync(id, "root"))).Sessions?.Ended);
        Assert.Null(await FindSessionAsync(app, key));
    }

    [Fact]
    public async Task A01_Pending_revocation_is_applied_before_the_app_listens()
    {
        var (app, id) = await StartAsync();
        await using var _ = app;
        var key = await app.StartSessionAsync("alice");
        await app.WithAsync(async (AppDbContext d) =>
        {
            d.Add(StoredRevocation.Of(
                new() { Account = key.Account, Generation = 5, End = new(SessionEndReasons.AccountDisabled, "root") },
                DateTimeOffset.UtcNow));
            return await d.SaveChangesAsync();
        });
        Assert.NotNull(await FindSessionAsync(app, key));

        await app.WithAsync(async (IServiceProvider services) =>
        {
            var journal = ActivatorUtilities.CreateInstance<DatabaseRevocationJournal>(services);
            var startup = ActivatorUtilities.CreateInstance<PendingRevocationsAtStartup>(services, journal);
            await startup.StartAsync(default);
            return id;
        });

        Assert.Null(await FindSessionAsync(app, key));
        Assert.Empty(await app.WithAsync(
            (AppDbContext d) => d.RevocationJournal.Where(i => i.AcknowledgedAt == null).ToListAsync()));
    }

    [Fact]
    public async Task A16_Old_revocations_are_purged_without_new_ones()
    {
        var (app, _) = await StartAsync();
        await using var __ = app;
        foreach (var days in new[] { 30, 32 })
        {
            await app.WithAsync(async (AppDbContext d) =>
            {
                var at = DateTimeOffset.UtcNow.AddDays(-days);
                var row = StoredRevocation.Of(new() { Account = AccountTag.For($"{days}") }, at);
                row.AcknowledgedAt = at;
                d.Add(row);
                return await d.SaveChangesAsync();
            });
        }

        await app.WithAsync((IServiceProvider services) =>
            ActivatorUtilities.CreateInstance<DatabaseRevocationJournal>(services)
                .PendingAsync(TimeSpan.Zero, default));
        Assert.Equal(
            [AccountTag.For("30").Value],
            await app.WithAsync((AppDbContext d) => d.RevocationJournal.Select(i => i.Account!).ToListAsync()));
    }

    [Fact]
    public async Task A16_Generation_catches_up_only_for_an_unchanged_account()
    {
        var (app, id) = await StartAsync();
        await using var _ = app;
        var check = await app.CheckAsync("alice", Password);
        Assert.False(await app.WithAsync((AccountChanges c) => c.RaiseGenerationAsync(check.Account!, 0)));
        Assert.True(await app.WithAsync((AccountChanges c) => c.RaiseGenerationAsync(check.Account!, 9)));
        Assert.Equal(9, (await app.AccountAsync("alice")).Generation);
        Assert.False(await app.WithAsync((AccountChanges c) => c.RaiseGenerationAsync(check.Account!, 10)));
        await app.WithAsync((AccountActions a) => a.DisableAsync(id, "root"));
        var disabled = await app.AccountAsync("alice");
        Assert.False(await app.WithAsync(
            (AccountChanges c) => c.RaiseGenerationAsync(disabled, disabled.Generation + 1)));
    }

    [Fact]
    public async Task A18_Account_enabled_during_deletion_is_not_deleted()
    {
        var (app, id) = await StartAsync();
        await using var _ = app;
        var key = await app.StartSessionAsync("alice");
        await ExecuteAsync(
            app,
            "CREATE TRIGGER EnableAgain AFTER INSERT ON AuditEntries WHEN NEW.Event = 'sessions-ended' "
            + "BEGIN UPDATE Accounts SET DisabledAt = NULL; END");
        Assert.Equal(
            new(false, RevocationResult.Immediate(1)),
            await app.WithAsync((AccountActions a) => a.DeleteAsync(id, "root")), Same);
        Assert.Null(await FindSessionAsync(app, key));
        Assert.True((await app.CheckAsync("alice", Password)).Succeeded);
        Assert.DoesNotContain(await app.WithAsync((AppDbContext d) => d.AuditEntries.ToListAsync()),
            e => e.Event == AuditEvents.AccountDeleted);
    }

    [Fact]
    public async Task A18_Session_created_during_deletion_ends()
    {
        var (app, id) = await StartAsync();
        await using var _ = app;
        // Between disabling and deletion, a session is valid again under the new generation.
        await ExecuteAsync(
            app,
            "CREATE TRIGGER SignInAgain AFTER INSERT ON AuditEntries "
            + "WHEN NEW.Event = 'sessions-ended' AND EXISTS (SELECT 1 FROM Accounts WHERE UserName = 'alice') BEGIN "
            + "UPDATE Sessions SET EndReason = NULL, EndsAt = ExpiresAt, "
            + "Generation = (SELECT Generation FROM Accounts WHERE UserName = 'alice'); END");
        var key = await app.StartSessionAsync("alice");
        var earlierCheck = await app.CheckAsync("alice", Password);

        var deletion = (await app.WithAsync((AccountActions a) => a.DeleteAsync(id, "root")))!;

        Assert.Equal((true, 2), (deletion.Deleted, deletion.Sessions.Ended));
        Assert.Null(await FindSessionAsync(app, key));
        Assert.Equal(CreateOutcome.StaleGeneration, (await app.TryStartSessionAsync(earlierCheck)).Outcome);
    }

    private static bool Same(AccountDeletion? one, AccountDeletion? other) =>
        (one!.Deleted, one.Sessions.Ended, one.Sessions.Pending)
        == (other!.Deleted, other.Sessions.Ended, other.Sessions.Pending);
}
