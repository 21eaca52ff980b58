using SessionWeb.Sessions.Revoking;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// Sessions in Redis, of which nodes remember some: <see cref="RedisSessions"/> knows the keys, the folder Revoking sees to it that what ends
/// here has ended everywhere when the answer is given.
/// </summary>
internal sealed class RedisSessionStore(RedisSessions sessions, NearCache cache, Heartbeat heartbeat, Revoker revoker) : ISessionStore
{
    public async Task<CreateResult> CreateAsync(NewSession session, CancellationToken cancellationToken)
    {
        await heartbeat.CatchUpAsync(cancellationToken);
        var epoch = await revoker.RecordedEpochAsync(cancellationToken);
        var (result, id, appended) = await sessions.CreateAsync(session, cache.Generation(session.Key.Account), epoch, cancellationToken);
        if (appended is null)
            return result;
        var ending = new SessionEnding(EndReasons.Replaced, session.Device);
        return result with { Revocation = await revoker.ReplacedAsync(session.Key.Account, result.Replaced, ending, id, appended) };
    }

    /// <remarks>Always reads Redis; what nodes remember is for <see cref="NearReader"/>.</remarks>
    public async Task<SessionRead> ReadAsync(SessionKey key, CancellationToken cancellationToken)
    {
        await heartbeat.CatchUpAsync(cancellationToken);
        while (true)
        {
            var generation = cache.Generation(key.Account);
            var read = await sessions.ReadAsync(key, cancellationToken);
            var corrected = cache.Correct(key, read);
            // A revocation that keeps this session may have overtaken the answer, which then has the session's former generation.
            if (read.Session is null || corrected.Session is not null || cache.Generation(key.Account) == generation)
                return corrected;
        }
    }

    public Task<bool> TouchAsync(SessionKey key, CancellationToken cancellationToken) => sessions.TouchAsync(key, cancellationToken);

    public Task<Revocation> OutdateClaimsAsync(AccountTag account, long claimsVersion, CancellationToken cancellationToken) =>
        revoker.RevokeAsync(new() { Account = account, ClaimsVersion = claimsVersion }, cancellationToken);

    public Task<ReplaceOutcome> ReplaceTicketAsync(SessionKey key, TicketReplacement replacement, CancellationToken cancellationToken) =>
        sessions.ReplaceTicketAsync(key, replacement, cancellationToken);

    public Task<Revocation> EndAsync(AccountTag account, string handle, SessionEnding ending, CancellationToken cancellationToken) =>
        SessionKey.IsHandle(handle)
            ? revoker.RevokeAsync(new() { Account = account, Handle = handle, Ending = ending }, cancellationToken)
            : Task.FromResult(Revocation.None);

    public Task<Revocation> EndAccountAsync(
        AccountTag account, SessionEnding ending, string? keep = null, long? generation = null, CancellationToken cancellationToken = default) =>
        revoker.RevokeAsync(
            new()
            {
                Account = account,
                Ending = ending,
                KeepAccount = keep is null ? null : account,
                KeepHandle = keep,
                Generation = generation,
            },
            cancellationToken);

    public Task<Revocation> EndEveryoneAsync(SessionEnding ending, SessionKey? keep = null, CancellationToken cancellationToken = default)
    {
        var intent = new RevocationIntent
        {
            Ending = ending,
            KeepAccount = keep?.Account,
            KeepHandle = keep?.Handle,
        };
        return revoker.RevokeAsync(intent, cancellationToken);
    }

    public Task<Revocation> RevokeAsync(RevocationIntent revocation, CancellationToken cancellationToken) => revoker.ApplyAsync(revocation);

    public IAsyncEnumerable<AccountTag?> EndingsAsync(CancellationToken cancellationToken) => sessions.EndingsAsync(cancellationToken);

    public async Task<IReadOnlyList<Session>> ListAsync(IReadOnlyCollection<AccountTag> accounts, CancellationToken cancellationToken)
    {
        await heartbeat.CatchUpAsync(cancellationToken);
        return await sessions.ListAsync(accounts, cancellationToken);
    }

    public async Task<SessionPage> ListOnlineAsync(int skip, int take, CancellationToken cancellationToken)
    {
        await heartbeat.CatchUpAsync(cancellationToken);
        return await sessions.ListOnlineAsync(skip, take, cancellationToken);
    }
}
