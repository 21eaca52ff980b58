using System.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>
/// Where accounts and sessions meet. The change of the account, its entry in the audit log and the revocation that it causes are one
/// transaction. The revocation is applied after the commit; if this process stops in between, another one applies it.
/// </summary>
internal sealed partial class AccountChanges(
    AppDbContext database, RevocationRecorder recorder, Revocations revocations, AuditLog audit, TimeProvider time, ILogger<AccountChanges> logger)
{
    public static IdentityError NoAccount => new() { Code = nameof(NoAccount), Description = "There is no such account." };

    public IQueryable<Account> Of(string accountId) => database.Users.AsNoTracking().Where(a => a.Id == accountId);

    /// <summary>Changes the account and revokes what the change revokes.</summary>
    /// <returns>Null if there is no such account, or what must hold of it does not.</returns>
    public async Task<AccountChanged?> MakeAsync(AccountChange change, CancellationToken cancellationToken = default)
    {
        Account account;
        AuditEntry entry;
        RecordedRevocation? recorded;
        await using (var transaction = await BeginAsync(cancellationToken))
        {
            var target = Of(change.AccountId);
            if (change.OnlyIf is { } condition)
                target = target.Where(condition);
            if (change.OnlyAtGeneration is { } required)
                target = target.Where(a => a.Generation == required);
            if (await target.SingleOrDefaultAsync(cancellationToken) is not { } before)
                return null;
            var stamp = Guid.NewGuid().ToString();
            var generation = change.EndsSessions ? After(before.Generation) : before.Generation;
            var claimsVersion = change.Effect == SessionEffect.RefreshClaims ? After(before.ClaimsVersion) : before.ClaimsVersion;
            if (await target.ExecuteUpdateAsync(
                set => change.Set(set)
                    // Whatever was read of the account before, a sign-in or somebody's edit, is out of date now.
                    .SetProperty(a => a.ConcurrencyStamp, stamp)
                    .SetProperty(a => a.Generation, generation)
                    .SetProperty(a => a.ClaimsVersion, claimsVersion),
                cancellationToken) == 0)
                return null;
            account = await Of(change.AccountId).SingleAsync(cancellationToken);
            if (change.Alongside is not null)
                await change.Alongside();
            entry = Entry(change.Event, account, change.Ending.By) with
            {
                Reason = change.IsOwn ? null : change.Ending.Reason,
                Details = change.Details is { } details ? details(before) : change.Ending.Message,
            };
            await audit.WriteAsync(entry);
            recorded = IntentOf(change, account) is { } intent ? await recorder.RecordAsync(intent, cancellationToken) : null;
            await transaction.CommitAsync(CancellationToken.None);
        }
        if (recorded is null)
            return new(account, RevocationResult.None);
        var cause = change.EndsSessions ? entry with { Reason = change.Ending.Reason } : null;
        return new(account, await revocations.ApplyAsync(recorded, cause));
    }

    /// <summary>
    /// Raises the account's generation to the one of the session store, which refused a sign-in because its own is higher. The accounts
    /// database is older than the store then: it was restored from a backup.
    /// </summary>
    /// <param name="account">As the sign-in read it.</param>
    /// <param name="generation">The generation in the store.</param>
    /// <returns>False if the account changed since the sign-in read it, or is disabled: the refusal stands.</returns>
    public async Task<bool> CatchUpAsync(Account account, long generation)
    {
        if (generation <= account.Generation)
            return false;
        var now = time.GetUtcNow();
        var raised = await database.Users
            .Where(a => a.Id == account.Id && a.Generation == account.Generation && (a.DisabledAt == null || a.DisabledUntil <= now))
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Generation, generation)) == 1;
        if (raised)
            CaughtUp(logger, account.UserName, account.Generation, generation);
        return raised;
    }

    /// <remarks>Serializable: on SQLite it takes the writers' turn at once, in place of failing when it comes to write.</remarks>
    public Task<IDbContextTransaction> BeginAsync(CancellationToken cancellationToken) =>
        database.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);

    public static AuditEntry Entry(string what, Account account, string? by) =>
        new() { Event = what, AccountId = account.Id, AccountName = account.UserName, By = by };

    private static RevocationRequest? IntentOf(AccountChange change, Account account)
    {
        var tag = AccountTag.For(account.Id);
        if (change.Effect == SessionEffect.RefreshClaims)
            return new() { Account = tag, ClaimsVersion = account.ClaimsVersion, End = change.Ending };
        return !change.EndsSessions ? null : new()
        {
            Account = tag,
            Generation = account.Generation,
            KeptAccount = change.KeepHandle is null ? null : tag,
            KeptHandle = change.KeepHandle,
            End = change.Ending with { SignInAgain = change.Effect == SessionEffect.ReAuthenticate },
        };
    }

    // Never below the clock: in a database that was restored from a backup, the next revocation must still be above what the store has.
    private long After(long number) => Math.Max(number + 1, time.GetUtcNow().ToUnixTimeMilliseconds());

    [LoggerMessage(1, LogLevel.Warning,
        "The accounts database is older than the session store: the generation of {Account} was raised from {Before} to {Generation}.")]
    private static partial void CaughtUp(ILogger logger, string? account, long before, long generation);
}
