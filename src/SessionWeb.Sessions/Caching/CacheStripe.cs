using System.Collections.Concurrent;
using SessionWeb.Sessions.Revocation;

namespace SessionWeb.Sessions.Caching;

/// <summary>
/// The part of the cache that holds some of the accounts. All changes to an account happen under its lock.
/// </summary>
/// <param name="byCookie">The sessions of all stripes by cookie value.</param>
/// <param name="capacity">The maximum number of sessions.</param>
/// <param name="clock">The time.</param>
internal sealed class CacheStripe(
    ConcurrentDictionary<string, CachedSession> byCookie, int capacity, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AccountTag, List<CachedSession>> _accounts = [];
    private readonly Queue<CachedSession> _oldestFirst = [];
    private readonly AppliedRevocations _revocations = new(clock);
    private long _version;

    /// <summary>Changes with every revocation that is applied to this stripe, and when it is cleared.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Adds a session, unless the version has changed.</summary>
    public void Add(long version, CachedSession entry)
    {
        lock (_lock)
        {
            if (_version != version)
                return;
            MakeRoom();
            byCookie.TryGetValue(entry.Cookie, out var old);
            if (!_accounts.TryGetValue(entry.Account, out var sessions))
                _accounts.Add(entry.Account, sessions = new(1));
            if (old is not null)
            {
                old.Invalidate();
                sessions.Remove(old);
            }
            sessions.Add(entry);
            _oldestFirst.Enqueue(entry);
            byCookie[entry.Cookie] = entry;
        }
    }

    /// <summary>Removes all cached sessions of the account, and remembers the revocation.</summary>
    public void Apply(AccountTag account, LogEntry entry)
    {
        lock (_lock)
        {
            _version++;
            if (_accounts.Remove(account, out var sessions))
                sessions.ForEach(Invalidate);
            _revocations.Add(account, entry);
        }
    }

    public SessionRead ApplyRevocations(SessionKey key, SessionRead read)
    {
        lock (_lock)
            return _revocations.ApplyTo(key, read);
    }

    public long Generation(AccountTag account)
    {
        lock (_lock)
            return _revocations.Generation(account);
    }

    /// <summary>
    /// Removes all sessions, but not the revocations. Sessions that are being read now are not added.
    /// </summary>
    public void Clear()
    {
        lock (_lock)
        {
            _version++;
            foreach (var sessions in _accounts.Values)
                sessions.ForEach(Invalidate);
            _accounts.Clear();
            _oldestFirst.Clear();
        }
    }

    /// <summary>Removes cached sessions and applied revocations that are too old.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            _revocations.Sweep();
            var now = clock.GetTimestamp();
            for (var i = _oldestFirst.Count; i > 0; i--)
            {
                if (_oldestFirst.Dequeue() is var entry && entry.IsFreshAt(now))
                    _oldestFirst.Enqueue(entry);
                else
                    Remove(entry);
            }
        }
    }

    // Second-chance replacement: a session that was used since the last pass stays.
    private void MakeRoom()
    {
        while (_oldestFirst.Count >= capacity)
        {
            var entry = _oldestFirst.Dequeue();
            if (entry.IsFreshAt(clock.GetTimestamp()) && entry.TakeUsed())
                _oldestFirst.Enqueue(entry);
            else
                Remove(entry);
        }
    }

    private void Remove(CachedSession entry)
    {
        Invalidate(entry);
        if (_accounts.TryGetValue(entry.Account, out var sessions) && sessions.Remove(entry) && sessions.Count == 0)
            _accounts.Remove(entry.Account);
    }

    private void Invalidate(CachedSession entry)
    {
        entry.Invalidate();
        byCookie.TryRemove(new(entry.Cookie, entry));
    }
}
