using SessionWeb.Sessions.Revocation;

namespace SessionWeb.Sessions.Caching;

/// <summary>
/// The sessions of Redis with this node's cache of them. It owns both: all reads, writes and revocations of sessions
/// pass through here. The order of the steps is the guarantee; docs/revocation.md states the rule for each.
/// </summary>
internal sealed class CachedSessionStore(
    ISessionRecords records, SessionCache cache, Lease lease, RevocationLogFollower follower,
    RevocationCoordinator coordinator, JournalWriter journal) : ISessionStore, ISessionReader
{
    public LoadedSession? Find(ReadOnlySpan<char> cookie) =>
        // First the lease, then the lookup: what is found was not revoked when the lease was checked.
        lease.IsHeld ? cache.Find(cookie) : null;

    public async Task<LoadedSession> ReadAsync(SessionKey key, string cookie, CancellationToken cancellationToken)
    {
        cache.Statistics.AddRead();
        // Only with a lease, and before reading: a session that is revoked in between is not added.
        var token = lease.IsHeld ? cache.BeginRead(key.Account) : null;
        var loaded = LoadedSession.From(await ReadAsync(key, cancellationToken));
        if (token is not null && loaded is { Read.CurrentClaimsVersion: null, Ticket: not null })
            cache.Add(token, cookie, loaded);
        return loaded;
    }

    /// <remarks>Always reads Redis.</remarks>
    public async Task<SessionRead> ReadAsync(SessionKey key, CancellationToken cancellationToken)
    {
        await follower.CatchUpAsync(cancellationToken);
        while (true)
        {
            var generation = cache.Generation(key.Account);
            var read = await records.ReadAsync(key, cancellationToken);
            var current = cache.ApplyRevocations(key, read);
            // A revocation that keeps this session may have overtaken the reply, which then has the session's former
            // generation.
            if (read.Session is null || current.Session is not null || cache.Generation(key.Account) == generation)
                return current;
        }
    }

    public async Task<CreateResult> CreateAsync(NewSession session, CancellationToken cancellationToken)
    {
        await follower.CatchUpAsync(cancellationToken);
        var account = session.Key.Account;
        var epoch = await journal.EpochAsync(cancellationToken);
        var (result, id, entry) = await records.CreateAsync(
            session, cache.Generation(account), epoch, cancellationToken);
        if (entry is null)
            return result;
        var end = new SessionEnd(SessionEndReasons.Replaced, session.Device);
        var revocation = await coordinator.WaitForReplacedAsync(account, result.Replaced, end, id, entry);
        return result with { Revocation = revocation };
    }

    public Task<bool> TouchAsync(SessionKey key, CancellationToken cancellationToken) =>
        records.TouchAsync(key, cancellationToken);

    public Task<ReplaceOutcome> ReplaceTicketAsync(
        SessionKey key, TicketReplacement replacement, CancellationToken cancellationToken) =>
        records.ReplaceTicketAsync(key, replacement, cancellationToken);

    public Task<RevocationResult> InvalidateClaimsAsync(
        AccountTag account, long claimsVersion, CancellationToken cancellationToken) =>
        CountAsync(
            coordinator.RevokeAsync(new() { Account = account, ClaimsVersion = claimsVersion }, cancellationToken));

    public Task<RevocationResult> EndAsync(
        AccountTag account, string handle, SessionEnd end, CancellationToken cancellationToken) =>
        SessionKey.IsHandle(handle)
            ? CountAsync(
                coordinator.RevokeAsync(new() { Account = account, Handle = handle, End = end }, cancellationToken))
            : Task.FromResult(RevocationResult.None);

    public Task<RevocationResult> EndAccountAsync(
        AccountTag account, SessionEnd end, string? keep = null, long? generation = null,
        CancellationToken cancellationToken = default) =>
        CountAsync(coordinator.RevokeAsync(
            new()
            {
                Account = account,
                End = end,
                KeptAccount = keep is null ? null : account,
                KeptHandle = keep,
                Generation = generation,
            },
            cancellationToken));

    public Task<RevocationResult> EndAllAsync(
        SessionEnd end, SessionKey? keep = null, CancellationToken cancellationToken = default)
    {
        var request = new RevocationRequest { End = end, KeptAccount = keep?.Account, KeptHandle = keep?.Handle };
        return CountAsync(coordinator.RevokeAsync(request, cancellationToken));
    }

    public Task<RevocationResult> ApplyAsync(RevocationRequest revocation, CancellationToken cancellationToken) =>
        CountAsync(coordinator.ApplyAsync(revocation));

    public IAsyncEnumerable<AccountTag?> EndedAccountsAsync(CancellationToken cancellationToken) =>
        records.EndedAccountsAsync(cancellationToken);

    public async Task<IReadOnlyList<Session>> ListAsync(
        IReadOnlyCollection<AccountTag> accounts, CancellationToken cancellationToken)
    {
        await follower.CatchUpAsync(cancellationToken);
        return await records.ListAsync(accounts, cancellationToken);
    }

    public async Task<SessionPage> ListRecentAsync(int skip, int take, CancellationToken cancellationToken)
    {
        await follower.CatchUpAsync(cancellationToken);
        return await records.ListRecentAsync(skip, take, cancellationToken);
    }

    private async Task<RevocationResult> CountAsync(Task<RevocationResult> revoking)
    {
        var result = await revoking;
        if (!result.Pending)
            cache.Statistics.AddRevocation(result.Elapsed);
        return result;
    }
}
