using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>A session, as pages name it.</summary>
internal readonly record struct SessionReference(string AccountId, string Handle);

/// <summary>
/// Ends sessions. The audit entry and the revocation are one transaction; only then the revocation is applied. This is the only class that
/// applies revocations: it takes nothing but a <see cref="RecordedRevocation"/>.
/// </summary>
internal sealed partial class Revocations(
    AppDbContext database, RevocationRecorder recorder, ISessionStore sessions, AuditLog audit, ILogger<Revocations> logger)
{
    private const int AtOnce = 16;

    /// <summary>Ends one session of an account that exists, whether or not the store still lists it.</summary>
    /// <param name="session">The session; its handle is well-formed.</param>
    /// <param name="accountName">The account's name, for the audit log.</param>
    /// <param name="ending">How it ends.</param>
    public async Task<RevocationResult> EndSessionAsync(SessionReference session, string accountName, SessionEnd ending)
    {
        var entry = EntryOf(session, accountName, ending);
        return await ApplyAsync(await RecordAsync(entry, IntentOf(session, ending)), entry);
    }

    /// <summary>
    /// Ends sessions of any accounts, recorded in one transaction. A session is unknown, and nothing is recorded for it, if its handle is
    /// malformed, or if neither its account nor the session itself exists.
    /// </summary>
    /// <returns>The revocation of each session that is not unknown.</returns>
    public async Task<IReadOnlyDictionary<SessionReference, RevocationResult>> EndSessionsAsync(
        IReadOnlyCollection<SessionReference> named, SessionEnd ending, CancellationToken cancellationToken)
    {
        var wellFormed = named.Where(session => session.AccountId.Length > 0 && SessionKey.IsHandle(session.Handle)).Distinct().ToList();
        var names = await NamesAsync(wellFormed, cancellationToken);
        var known = wellFormed.Where(names.ContainsKey).ToList();
        if (known.Count == 0)
            return new Dictionary<SessionReference, RevocationResult>();
        var recorded = new List<(SessionReference Session, AuditEntry Entry, RecordedRevocation Revocation)>();
        await using (var transaction = await BeginAsync(cancellationToken))
        {
            foreach (var session in known)
            {
                var entry = EntryOf(session, names[session], ending);
                await audit.WriteAsync(entry);
                recorded.Add((session, entry, await recorder.RecordAsync(IntentOf(session, ending), cancellationToken)));
            }
            await transaction.CommitAsync(CancellationToken.None);
        }
        var ended = new Dictionary<SessionReference, RevocationResult>();
        foreach (var some in recorded.Chunk(AtOnce))
        {
            var revocations = await Task.WhenAll(some.Select(one => RevokeAsync(one.Revocation)));
            foreach (var (one, revocation) in some.Zip(revocations))
            {
                await FollowUpAsync(one.Entry, revocation);
                ended[one.Session] = revocation;
            }
        }
        return ended;
    }

    /// <summary>Ends everyone's sessions, but <paramref name="keep"/> if given.</summary>
    public async Task<RevocationResult> EndEveryoneAsync(SessionEnd ending, SessionKey? keep = null)
    {
        var entry = new AuditEntry { Event = AuditEvents.SessionsRevoked, By = ending.By, Reason = ending.Reason, Details = ending.Message };
        var intent = new RevocationRequest { End = ending, KeptAccount = keep?.Account, KeptHandle = keep?.Handle };
        return await ApplyAsync(await RecordAsync(entry, intent), entry);
    }

    /// <summary>Ends the session that its user signs out of.</summary>
    public async Task<RevocationResult> SignOutAsync(Session session, string accountName)
    {
        var name = new SessionReference(session.AccountId, session.Handle);
        var entry = new AuditEntry { Event = AuditEvents.SignedOut, AccountId = session.AccountId, AccountName = accountName };
        return await ApplyAsync(await RecordAsync(entry, IntentOf(name, new(SessionEndReasons.SignedOut))));
    }

    /// <summary>Ends the session with this handle if the account has it, though it is not listed; the caller wrote the audit entry.</summary>
    public async Task<RevocationResult> EndUnknownAsync(SessionReference session, SessionEnd ending) =>
        await ApplyAsync(await RecordAsync(null, IntentOf(session, ending)));

    /// <summary>Ends the session of an account that was deleted.</summary>
    public Task<RevocationResult> EndOrphanAsync(Session session) =>
        EndSessionAsync(new(session.AccountId, session.Handle), session.AccountName, new(SessionEndReasons.AccountDisabled));

    /// <summary>Applies a revocation after its transaction has committed, and writes how many sessions ended.</summary>
    /// <param name="recorded">The revocation.</param>
    /// <param name="cause">The entry of what caused it; null if no entry says how many sessions ended.</param>
    /// <returns>Pending if the store is unavailable, or failed: the revocation is in the journal and is applied later.</returns>
    public async Task<RevocationResult> ApplyAsync(RecordedRevocation recorded, AuditEntry? cause = null)
    {
        var revocation = await RevokeAsync(recorded);
        if (cause is not null)
            await FollowUpAsync(cause, revocation);
        return revocation;
    }

    private async Task<RevocationResult> RevokeAsync(RecordedRevocation recorded)
    {
        if (database.Database.CurrentTransaction is not null)
            throw new InvalidOperationException("A revocation is applied after the transaction that records it has committed.");
        try
        {
            return await sessions.RevokeAsync(recorded.Intent, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // It may be in effect or not. The journal still has it, so it is pending.
            NotApplied(logger, recorded.Intent.Id, failure);
            return new(0, [], Pending: true, TimeSpan.Zero);
        }
    }

    private async Task<RecordedRevocation> RecordAsync(AuditEntry? entry, RevocationRequest intent)
    {
        await using var transaction = await BeginAsync(CancellationToken.None);
        if (entry is not null)
            await audit.WriteAsync(entry);
        var recorded = await recorder.RecordAsync(intent, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return recorded;
    }

    private async Task FollowUpAsync(AuditEntry cause, RevocationResult revocation)
    {
        try
        {
            await audit.WriteAsync(cause with
            {
                Event = AuditEvents.SessionsEnded,
                Details = RevocationNotice.Of(revocation).Trim(),
                Count = revocation.Ended,
            });
        }
        catch (Exception failure)
        {
            // The sessions have ended: whoever asked for it must learn that.
            NotWritten(logger, cause.Event, revocation.Ended, failure);
        }
    }

    private async Task<Dictionary<SessionReference, string>> NamesAsync(List<SessionReference> named, CancellationToken cancellationToken)
    {
        var ids = named.Select(session => session.AccountId).Distinct().ToList();
        var accounts = await database.Users.Where(account => ids.Contains(account.Id))
            .Select(account => new { account.Id, account.UserName }).ToDictionaryAsync(a => a.Id, a => a.UserName!, cancellationToken);
        var names = named.Where(session => accounts.ContainsKey(session.AccountId)).ToDictionary(session => session, session => accounts[session.AccountId]);
        if (names.Count == named.Count)
            return names;
        // A session may be left of an account that is gone.
        var orphans = named.Except(names.Keys).ToHashSet();
        try
        {
            foreach (var session in await sessions.ListAsync([.. orphans.Select(o => AccountTag.For(o.AccountId)).Distinct()], cancellationToken))
                if (orphans.Contains(new(session.AccountId, session.Handle)))
                    names[new(session.AccountId, session.Handle)] = session.AccountName;
        }
        catch (SessionStoreUnavailableException)
        {
            // The sessions of accounts that exist must end all the same.
        }
        return names;
    }

    // Serializable: on SQLite the transaction takes the write lock at once, and does not fail when it writes.
    private Task<IDbContextTransaction> BeginAsync(CancellationToken cancellationToken) =>
        database.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);

    private static RevocationRequest IntentOf(SessionReference session, SessionEnd ending) =>
        new() { Account = AccountTag.For(session.AccountId), Handle = session.Handle, End = ending };

    private static AuditEntry EntryOf(SessionReference session, string accountName, SessionEnd ending) => new()
    {
        Event = AuditEvents.SessionRevoked,
        AccountId = session.AccountId,
        AccountName = accountName,
        By = ending.By,
        SessionHandle = session.Handle,
        Reason = ending.Reason,
        Details = ending.Message,
    };

    [LoggerMessage(1, LogLevel.Error, "Revocation {Id} is pending: applying it failed.")]
    private static partial void NotApplied(ILogger logger, string id, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "The audit log has no entry that {Ended} sessions ended after {Event}: writing it failed.")]
    private static partial void NotWritten(ILogger logger, string @event, int ended, Exception exception);
}
