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
/// Where accounts and sessions meet. The account comes first, so that nobody can sign in again when the sessions end; where the session
/// store is down then (<see cref="SessionStoreUnavailableException"/>), doing it once more ends them. What is done to the account and its
/// entry in the audit log are one transaction.
/// </summary>
internal sealed class AccountChanges(AppDbContext database, ISessionStore sessions, Revocations revocations, AuditLog audit)
{
    public static IdentityError NoAccount => new() { Code = nameof(NoAccount), Description = "There is no such account." };

    public IQueryable<Account> Of(string accountId) => database.Users.AsNoTracking().Where(a => a.Id == accountId);

    /// <summary>Changes the account, on the record, and has the change take its effect on the account's sessions.</summary>
    /// <returns>Null if there is no such account, or what must hold of it does not.</returns>
    public async Task<AccountChanged?> MakeAsync(AccountChange change, CancellationToken cancellationToken = default)
    {
        var (generations, versions) = (change.EndsSessions ? 1 : 0, change.Effect == SessionEffect.RefreshClaims ? 1 : 0);
        Account account;
        AuditEntry entry;
        await using (var transaction = await BeginAsync(cancellationToken))
        {
            var target = Of(change.AccountId);
            if (change.OnlyIf is { } condition)
                target = target.Where(condition);
            if (change.OnlyAtGeneration is { } generation)
                target = target.Where(a => a.Generation == generation);
            if (await target.SingleOrDefaultAsync(cancellationToken) is not { } before)
                return null;
            var stamp = Guid.NewGuid().ToString();
            if (await target.ExecuteUpdateAsync(
                set => change.Set(set)
                    // Whatever was read of the account before, a sign-in or somebody's edit, is out of date now.
                    .SetProperty(a => a.ConcurrencyStamp, stamp)
                    .SetProperty(a => a.Generation, a => a.Generation + generations)
                    .SetProperty(a => a.ClaimsVersion, a => a.ClaimsVersion + versions),
                cancellationToken) == 0)
                return null;
            if (change.Alongside is not null)
                await change.Alongside();
            account = await Of(change.AccountId).SingleAsync(cancellationToken);
            entry = Entry(change.Event, account, change.Ending.By) with
            {
                Reason = change.IsOwn ? null : change.Ending.Reason,
                Details = change.Details is { } details ? details(before) : change.Ending.Message,
            };
            await audit.WriteAsync(entry);
            await transaction.CommitAsync(cancellationToken);
        }
        return new(account, await TakeEffectAsync(account, change, entry));
    }

    /// <summary>What a change of the own account does to the account's sessions but <paramref name="kept"/>.</summary>
    /// <param name="account">As it is after the change.</param>
    public async Task<Revocation> EndOthersAsync(AccountChange change, Account account, SessionKey kept)
    {
        if (!change.EndsSessions)
            return Revocation.None;
        var ending = EndingOf(change);
        var ended = await sessions.EndAccountAsync(kept.Account, ending, kept.Handle, account.Generation);
        await revocations.EndedAsync(Entry(change.Event, account, null) with { Reason = ending.Reason }, ended);
        return ended;
    }

    /// <remarks>Serializable: on SQLite it takes the writers' turn at once, in place of failing when it comes to write.</remarks>
    public Task<IDbContextTransaction> BeginAsync(CancellationToken cancellationToken) =>
        database.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);

    public static AuditEntry Entry(string what, Account account, string? by) =>
        new() { Event = what, AccountId = account.Id, AccountName = account.UserName, By = by };

    private async Task<Revocation> TakeEffectAsync(Account account, AccountChange change, AuditEntry entry)
    {
        var tag = AccountTag.For(account.Id);
        if (change.Effect == SessionEffect.RefreshClaims)
            return await sessions.OutdateClaimsAsync(tag, account.ClaimsVersion, CancellationToken.None);
        if (!change.EndsSessions || change.IsOwn)
            return Revocation.None;
        var ended = await sessions.EndAccountAsync(tag, EndingOf(change), null, account.Generation);
        await revocations.EndedAsync(entry, ended);
        return ended;
    }

    private static SessionEnding EndingOf(AccountChange change) => change.Ending with { SignInAgain = change.Effect == SessionEffect.ReAuthenticate };
}
