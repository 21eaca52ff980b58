using SessionWeb.Sessions.Caching;
using SessionWeb.Sessions.Revocation;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// Sessions in Redis, of which nodes remember some: <see cref="RedisSessions"/> knows the keys, the folder Revoking sees to it that what ends
/// here has ended everywhere when the answer is given.
/// </summary>
internal sealed class RedisSessionStore(RedisSessions sessions, SessionCache cache, RevocationLogFollower heartbeat, RevocationCoordinator revoker) : ISessionStore
{
    public async Task<CreateResult> CreateAsync(NewSession session, CancellationToken cancellationToken)
    {
        await heartbeat.CatchUpAsync(cancellationToken);
        var epoch = await revoker.RecordedEpochAsync(cancellationToken);
        var (result, id, appended) = await sessions.CreateAsync(session, cache.Generation(session.Key.Account), epoch, cancellationToken);
        if (appended is null)
            return result;
        var ending = new SessionEnd(SessionEndReasons.Replaced, session.Device);
        return result with { Revocation = await revoker.ReplacedAsync(session.Key.Account, result.Replaced, ending, id, appended) };
    }

    /// <remarks>Always reads Redis; what nodes remember is for <see cref="CachedSessionReader"/>.</remarks>
    public async Task<SessionRead> ReadAsync(SessionKey key, CancellationToken cancellationToken)
    {
        await heartbeat.CatchUpAsync(cancellationToken);
        while (true)
        {
            var generation = cache.Generation(key.Account);
            var read = await sessions.ReadAsync(key, cancellationToken);
            var corrected = cache.ApplyRevocations(key, read);
            // A revocation that keeps this session may have overtaken the answer, which then has the session's former generation.
            if (read.Session is null || corrected.Session is not null || cache.Generation(key.Account) == generation)
                return corrected;
        }
    }

    public Task<bool> TouchAsync(SessionKey key, CancellationToken cancellationToken) => sessions.TouchAsync(key, cancellationToken);

    public Task<RevocationResult> InvalidateClaimsAsync(AccountTag account, long claimsVersion, CancellationToken cancellationToken) =>
        revoker.RevokeAsync(new() { Account = account, ClaimsVersion = claimsVersion }, cancellationToken);

    public Task<ReplaceOutcome> ReplaceTicketAsync(SessionKey key, TicketReplacement replacement, CancellationToken cancellationToken) =>
        sessions.ReplaceTicketAsync(key, replacement, cancellationToken);

    public Task<RevocationResult> EndAsync(AccountTag account, string handle, SessionEnd ending, CancellationToken cancellationToken) =>
        SessionKey.IsHandle(handle)
            ? revoker.RevokeAsync(new() { Account = account, Handle = handle, End = ending }, cancellationToken)
            : Task.FromResult(RevocationResult.None);

    public Task<RevocationResult> EndAccountAsync(
        AccountTag account, SessionEnd ending, string? keep = null, long? generation = null, CancellationToken cancellationToken = default) =>
        revoker.RevokeAsync(
            new()
            {
                Account = account,
                End = ending,
                KeptAccount = keep is null ? null : account,
                KeptHandle = keep,
                Generation = generation,
            },
            cancellationToken);

    public Task<RevocationResult> EndAllAsync(SessionEnd ending, SessionKey? keep = null, CancellationToken cancellationToken = default)
    {
        var intent = new RevocationRequest
        {
            End = ending,
            KeptAccount = keep?.Account,
            KeptHandle = keep?.Handle,
        };
        return revoker.RevokeAsync(intent, cancellationToken);
    }

    public Task<RevocationResult> RevokeAsync(RevocationRequest revocation, CancellationToken cancellationToken) => revoker.ApplyAsync(revocation);

    public IAsyncEnumerable<AccountTag?> EndedAccountsAsync(CancellationToken cancellationToken) => sessions.EndingsAsync(cancellationToken);

    public async Task<IReadOnlyList<Session>> ListAsync(IReadOnlyCollection<AccountTag> accounts, CancellationToken cancellationToken)
    {
        await heartbeat.CatchUpAsync(cancellationToken);
        return await sessions.ListAsync(accounts, cancellationToken);
    }

    public async Task<SessionPage> ListRecentAsync(int skip, int take, CancellationToken cancellationToken)
    {
        await heartbeat.CatchUpAsync(cancellationToken);
        return await sessions.ListOnlineAsync(skip, take, cancellationToken);
    }
}
