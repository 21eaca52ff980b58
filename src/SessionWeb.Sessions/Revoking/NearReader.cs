using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Cookies;
using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions.Revoking;

/// <summary>
/// A request's way to its session: from memory while the lease is held, else from Redis, caught up with first. The order of the steps is
/// the guarantee; each has its line in docs/revocation.md.
/// </summary>
internal sealed class NearReader(RedisSessionStore store, NearCache cache, Lease lease, NodeFigures figures, ProtocolRules rules, IOptions<SessionsOptions> options,
    TimeProvider clock) : ISessionReader
{
    public KnownSession? Find(ReadOnlySpan<char> cookie)
    {
        if (rules.LeaseBeforeLookup)
        {
            // 1. the lease, 2. the lookup: what is found then was not revoked when the lease was looked at.
            return lease.IsHeld ? Hit(cookie) : null;
        }
        var early = Hit(cookie);
        rules.Linger();
        return lease.IsHeld ? early : null;
    }

    public async Task<KnownSession> ReadAsync(SessionKey key, string cookie, CancellationToken cancellationToken)
    {
        figures.Read();
        var mayRemember = options.Value.NearCache && lease.IsHeld;
        // The token before the reading: what is revoked in between is not remembered.
        var version = cache.Version(key.Account);
        var at = clock.GetTimestamp();
        var read = await store.ReadAsync(key, cancellationToken);
        var known = StoreReader.Known(read);
        if (mayRemember && known is { Read: { Session: not null, NewerClaims: null }, Ticket: not null })
        {
            await rules.LingerAsync();
            cache.Fill(version, read, at, until => new CachedSession(cookie, read.Session!.Key.Account, known, until));
        }
        return known;
    }

    private KnownSession? Hit(ReadOnlySpan<char> cookie)
    {
        if (cache.Find(cookie) is not { } cached)
            return null;
        figures.Hit();
        return cached.Known;
    }
}
