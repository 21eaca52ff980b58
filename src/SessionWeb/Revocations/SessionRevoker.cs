using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Revocations;

/// <summary>
/// Ends sessions without a change of the account. The audit entry and the revocation are one transaction. The
/// revocation is applied after the commit.
/// </summary>
internal sealed class SessionRevoker(
    AppDbContext database, RevocationRecorder recorder, RevocationApplier applier, ISessionStore sessions,
    AuditLog audit)
{
    private const int MaxConcurrent = 16;

    /// <summary>Ends one session of an account that exists, even if the store no longer lists it.</summary>
    /// <param name="session">The session. Its handle is well-formed.</param>
    /// <param name="accountName">The account's name, for the audit log.</param>
    /// <param name="end">The reason, and who ended it.</param>
    public async Task<RevocationResult> EndSessionAsync(SessionReference session, string accountName, SessionEnd end)
    {
        var entry = EntryOf(session, accountName, end);
        return await applier.ApplyAndAuditAsync(await RecordAsync(entry, RequestOf(session, end)), entry);
    }

    /// <summary>
    /// Ends sessions of any accounts, recorded in one transaction. A session is unknown, and nothing is recorded for
    /// it, if its handle is malformed, or if neither its account nor the session itself exists.
    /// </summary>
    /// <returns>The result for each session that is not unknown.</returns>
    public async Task<IReadOnlyDictionary<SessionReference, RevocationResult>> EndSessionsAsync(
        IReadOnlyCollection<SessionReference> references, SessionEnd end, CancellationToken cancellationToken)
    {
        var wellFormed = references
            .Where(session => session.AccountId.Length > 0 && SessionKey.IsHandle(session.Handle))
            .Distinct().ToList();
        var names = await AccountNamesAsync(wellFormed, cancellationToken);
        var known = wellFormed.Where(names.ContainsKey).ToList();
        if (known.Count == 0)
            return new Dictionary<SessionReference, RevocationResult>();
        var recorded = new List<(SessionReference Session, AuditEntry Entry, RecordedRevocation Revocation)>();
        await using (var transaction = await BeginAsync(cancellationToken))
        {
            foreach (var session in known)
            {
                var entry = EntryOf(session, names[session], end);
                await audit.WriteAsync(entry);
                recorded.Add((session, entry, await recorder.RecordAsync(RequestOf(session, end), cancellationToken)));
            }
            await transaction.CommitAsync(CancellationToken.None);
        }
        var results = new Dictionary<SessionReference, RevocationResult>();
        foreach (var chunk in recorded.Chunk(MaxConcurrent))
        {
            var revocations = await Task.WhenAll(chunk.Select(item => applier.ApplyAsync(item.Revocation)));
            foreach (var (item, result) in chunk.Zip(revocations))
            {
                await applier.AuditEndedAsync(item.Entry, result);
                results[item.Session] = result;
            }
        }
        return results;
    }

    /// <summary>Ends the sessions of all accounts, except <paramref name="keep"/> if given.</summary>
    public async Task<RevocationResult> EndAllAsync(SessionEnd end, SessionKey? keep = null)
    {
        var entry = new AuditEntry
        {
            Event = AuditEvents.SessionsRevoked,
            By = end.By,
            Reason = end.Reason,
            Details = end.Message,
        };
        var request = new RevocationRequest { End = end, KeptAccount = keep?.Account, KeptHandle = keep?.Handle };
        return await applier.ApplyAndAuditAsync(await RecordAsync(entry, request), entry);
    }

    /// <summary>Ends the session that its user signs out of.</summary>
    public async Task<RevocationResult> SignOutAsync(Session session, string accountName)
    {
        var reference = new SessionReference(session.AccountId, session.Handle);
        var entry = new AuditEntry
        {
            Event = AuditEvents.SignedOut,
            AccountId = session.AccountId,
            AccountName = accountName,
        };
        return await applier.ApplyAndAuditAsync(
            await RecordAsync(entry, RequestOf(reference, new(SessionEndReasons.SignedOut))));
    }

    /// <summary>
    /// Ends a session that the store does not list, if the account has it. The caller has written the audit entry.
    /// </summary>
    public async Task<RevocationResult> EndUnlistedAsync(SessionReference session, SessionEnd end) =>
        await applier.ApplyAndAuditAsync(await RecordAsync(null, RequestOf(session, end)));

    /// <summary>Ends the session of a deleted account.</summary>
    public Task<RevocationResult> EndOrphanAsync(Session session) =>
        EndSessionAsync(
            new(session.AccountId, session.Handle), session.AccountName, new(SessionEndReasons.AccountDisabled));

    private async Task<RecordedRevocation> RecordAsync(AuditEntry? entry, RevocationRequest request)
    {
        await using var transaction = await BeginAsync(CancellationToken.None);
        if (entry is not null)
            await audit.WriteAsync(entry);
        var recorded = await recorder.RecordAsync(request, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return recorded;
    }

    private async Task<Dictionary<SessionReference, string>> AccountNamesAsync(
        List<SessionReference> references, CancellationToken cancellationToken)
    {
        var ids = references.Select(session => session.AccountId).Distinct().ToList();
        var accounts = await database.Users.Where(account => ids.Contains(account.Id))
            .Select(account => new { account.Id, account.UserName })
            .ToDictionaryAsync(account => account.Id, account => account.UserName!, cancellationToken);
        var names = references.Where(session => accounts.ContainsKey(session.AccountId))
            .ToDictionary(session => session, session => accounts[session.AccountId]);
        if (names.Count == references.Count)
            return names;
        // A deleted account may still have a session.
        var orphans = references.Except(names.Keys).ToHashSet();
        try
        {
            foreach (var session in await sessions.ListAsync(
                [.. orphans.Select(orphan => AccountTag.For(orphan.AccountId)).Distinct()], cancellationToken))
            {
                if (orphans.Contains(new(session.AccountId, session.Handle)))
                    names[new(session.AccountId, session.Handle)] = session.AccountName;
            }
        }
        catch (SessionStoreUnavailableException)
        {
            // The sessions of existing accounts must still end.
        }
        return names;
    }

    // Serializable: on SQLite the transaction takes the write lock when it begins, so it cannot fail when it writes.
    private Task<IDbContextTransaction> BeginAsync(CancellationToken cancellationToken) =>
        database.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);

    private static RevocationRequest RequestOf(SessionReference session, SessionEnd end) =>
        new() { Account = AccountTag.For(session.AccountId), Handle = session.Handle, End = end };

    private static AuditEntry EntryOf(SessionReference session, string accountName, SessionEnd end) => new()
    {
        Event = AuditEvents.SessionRevoked,
        AccountId = session.AccountId,
        AccountName = accountName,
        By = end.By,
        SessionHandle = session.Handle,
        Reason = end.Reason,
        Details = end.Message,
    };
}
