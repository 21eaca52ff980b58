using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Revocation;

namespace SessionWeb.Sessions.Caching;

/// <summary>
/// The live sessions that this node used recently, and the revocations that it applied. Whether a session that is found
/// here may be used depends on the <see cref="Lease"/>. Accounts are spread over stripes, each with its own lock.
/// </summary>
internal sealed class SessionCache : IRevocationTarget, IDisposable
{
    /// <summary>The maximum age of a cached session. After that it is read again, with its latest times.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private const int StripeCount = 256;

    private readonly ConcurrentDictionary<string, CachedSession> _byCookie = new(new CookieComparer());
    private readonly CacheStripe[] _stripes;
    private readonly GlobalEpoch _epoch;
    private readonly bool _isEnabled;
    private readonly TimeProvider _clock;
    private readonly ITimer _sweep;

    public SessionCache(
        GlobalEpoch epoch, NodeStatistics statistics, IOptions<SessionsOptions> options, TimeProvider clock)
    {
        (_epoch, Statistics, _isEnabled, _clock) = (epoch, statistics, options.Value.NearCache, clock);
        var capacity = Math.Max(1, options.Value.NearCacheSize / StripeCount);
        _stripes = [.. Enumerable.Range(0, StripeCount).Select(_ => new CacheStripe(_byCookie, capacity, clock))];
        _sweep = clock.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    /// <summary>What must be known before a session is read, to add it afterwards.</summary>
    internal sealed record ReadToken(AccountTag Account, long Version, long At);

    public NodeStatistics Statistics { get; }

    public int Count => _byCookie.Count;

    /// <summary>The session of a cookie's value, if it is cached and fresh.</summary>
    public LoadedSession? Find(ReadOnlySpan<char> cookie)
    {
        if (!_byCookie.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(cookie, out var cached)
            || !cached.IsFreshAt(_clock.GetTimestamp()))
        {
            return null;
        }

        cached.Use();
        Statistics.AddHit();
        return cached.Loaded;
    }

    /// <summary>Must be called before a session is read that may be added. Null if the cache is disabled.</summary>
    public ReadToken? BeginRead(AccountTag account) =>
        _isEnabled ? new(account, StripeOf(account).Version, _clock.GetTimestamp()) : null;

    /// <summary>
    /// Adds a session that was read, unless its stripe has applied a revocation since <see cref="BeginRead"/>.
    /// </summary>
    public void Add(ReadToken token, string cookie, LoadedSession loaded)
    {
        var age = loaded.Read.RemainingLifetime < MaxAge ? loaded.Read.RemainingLifetime : MaxAge;
        var until = token.At + (long)(age.TotalSeconds * _clock.TimestampFrequency);
        StripeOf(token.Account).Add(token.Version, new CachedSession(cookie, loaded, until));
    }

    /// <summary>
    /// What was read, corrected by the revocations that this node applied: a store may lose its latest writes.
    /// </summary>
    public SessionRead ApplyRevocations(SessionKey key, SessionRead read) =>
        read.Session is null ? read : StripeOf(key.Account).ApplyRevocations(key, read);

    public long Generation(AccountTag account) => StripeOf(account).Generation(account);

    public void Apply(LogEntry entry)
    {
        if (entry.Account is { } account)
            StripeOf(account).Apply(account, entry);
        else
            Clear();
    }

    public void Apply(Epoch epoch)
    {
        if (epoch.Number <= _epoch.Current.Number)
            return;
        _epoch.Current = epoch;
        Clear();
    }

    public void Clear()
    {
        foreach (var stripe in _stripes)
            stripe.Clear();
    }

    public void Dispose() => _sweep.Dispose();

    private void Sweep()
    {
        foreach (var stripe in _stripes)
            stripe.Sweep();
    }

    private CacheStripe StripeOf(AccountTag account) =>
        _stripes[(uint)account.Value.GetHashCode(StringComparison.Ordinal) % StripeCount];
}
