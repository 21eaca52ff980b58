using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Redis;
using SessionWeb.Sessions.Revocation;

namespace SessionWeb.Sessions.Caching;

/// <summary>
/// A request's way to its session: from memory while the lease is held, else from Redis, caught up with first. The order of the steps is
/// the guarantee; each has its line in docs/revocation.md.
/// </summary>
internal sealed class CachedSessionReader(RedisSessionStore store, SessionCache cache, Lease lease, NodeStatistics figures, IOptions<SessionsOptions> options,
    TimeProvider clock) : ISessionReader
{
    public LoadedSession? Find(ReadOnlySpan<char> cookie)
    {
        // 1. the lease, 2. the lookup: what is found then was not revoked when the lease was looked at.
        return lease.IsHeld ? Hit(cookie) : null;
    }

    public async Task<LoadedSession> ReadAsync(SessionKey key, string cookie, CancellationToken cancellationToken)
    {
        figures.Read();
        var mayRemember = options.Value.NearCache && lease.IsHeld;
        // The token before the reading: what is revoked in between is not remembered.
        var version = cache.Version(key.Account);
        var at = clock.GetTimestamp();
        var read = await store.ReadAsync(key, cancellationToken);
        var known = StoreSessionReader.Load(read);
        if (mayRemember && known is { Read: { Session: not null, CurrentClaimsVersion: null }, Ticket: not null })
            cache.Add(version, read, at, until => new CachedSession(cookie, read.Session!.Key.Account, known, until));
        return known;
    }

    private LoadedSession? Hit(ReadOnlySpan<char> cookie)
    {
        if (cache.Find(cookie) is not { } cached)
            return null;
        figures.Hit();
        return cached.Loaded;
    }
}
