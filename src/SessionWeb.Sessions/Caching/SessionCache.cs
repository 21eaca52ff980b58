using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Revocation;

namespace SessionWeb.Sessions.Caching;

/// <summary>
/// The live sessions that this node remembers, and the revoked ones. Accounts are spread over stripes; what is remembered and what is
/// forgotten of an account takes turns under its stripe's lock. Whether what is found here may be used is the <see cref="Lease"/>'s to say.
/// </summary>
internal sealed class SessionCache(IOptions<SessionsOptions> options, TimeProvider clock)
{
    /// <summary>How long revocations are remembered.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>How old what is remembered may be: by then it is read again, with its latest times.</summary>
    private static readonly TimeSpan OldestEntry = TimeSpan.FromMinutes(1);

    private const int Stripes = 256;

    private readonly ConcurrentDictionary<string, CachedSession> _byCookie = new(new ByTheirEnds());
    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Stripe())];

    private sealed class Stripe
    {
        public readonly Lock Lock = new();
        public readonly Dictionary<AccountTag, List<CachedSession>> Accounts = [];
        public readonly Queue<CachedSession> Oldest = [];
        public readonly Dictionary<(AccountTag Account, string Handle), long> Ended = [];
        public readonly Dictionary<AccountTag, (long Generation, long ClaimsVersion, long At)> Raised = [];
        public long Version;
    }

    // Only values that were decrypted get in, and those end with random bytes: there is no need to hash all of such a long text.
    private sealed class ByTheirEnds : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
    {
        private const int End = 16;

        public bool Equals(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);

        public bool Equals(ReadOnlySpan<char> cookie, string other) => cookie.SequenceEqual(other);

        public int GetHashCode(string cookie) => GetHashCode(cookie.AsSpan());

        public int GetHashCode(ReadOnlySpan<char> cookie) => string.GetHashCode(cookie[Math.Max(0, cookie.Length - End)..]);

        public string Create(ReadOnlySpan<char> cookie) => cookie.ToString();
    }

    public int Count => _byCookie.Count;

    /// <summary>The session for which a cookie's value stands, if it is remembered and fresh.</summary>
    public CachedSession? Find(ReadOnlySpan<char> cookie)
    {
        if (!_byCookie.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(cookie, out var cached) || !cached.IsFreshAt(clock.GetTimestamp()))
            return null;
        cached.Use();
        return cached;
    }

    /// <summary>A token to be taken before a session is read: what was revoked since then makes <see cref="Add"/> do nothing.</summary>
    public long Version(AccountTag account) => Volatile.Read(ref StripeOf(account).Version);

    /// <summary>Remembers a session that was read.</summary>
    /// <param name="version">The token taken before it was read.</param>
    /// <param name="read">What was read.</param>
    /// <param name="at">The timestamp before it was read.</param>
    /// <param name="create">Makes the entry, given until when it is fresh.</param>
    public CachedSession? Add(long version, SessionRead read, long at, Func<long, CachedSession> create)
    {
        var age = read.RemainingLifetime < OldestEntry ? read.RemainingLifetime : OldestEntry;
        var account = read.Session!.Key.Account;
        var entry = create(at + (long)(age.TotalSeconds * clock.TimestampFrequency));
        var stripe = StripeOf(account);
        lock (stripe.Lock)
        {
            if (stripe.Version != version)
                return null;
            MakeRoom(stripe);
            _byCookie.TryGetValue(entry.Cookie, out var old);
            if (!stripe.Accounts.TryGetValue(account, out var sessions))
                stripe.Accounts.Add(account, sessions = new(1));
            if (old is not null)
            {
                old.Invalidate();
                sessions.Remove(old);
            }
            sessions.Add(entry);
            stripe.Oldest.Enqueue(entry);
            _byCookie[entry.Cookie] = entry;
        }
        return entry;
    }

    /// <summary>What was read, but for what is known here to be revoked or out of date: a store may have lost its latest writes.</summary>
    public SessionRead ApplyRevocations(SessionKey key, SessionRead read)
    {
        if (read.Session is null)
            return read;
        var stripe = StripeOf(key.Account);
        lock (stripe.Lock)
        {
            var raised = stripe.Raised.GetValueOrDefault(key.Account);
            if (stripe.Ended.ContainsKey((key.Account, key.Handle)) || read.Generation < raised.Generation)
                return SessionRead.Unknown;
            return Math.Max(read.ClaimsVersion, read.CurrentClaimsVersion ?? 0) < raised.ClaimsVersion ? read with { CurrentClaimsVersion = raised.ClaimsVersion } : read;
        }
    }

    /// <summary>The account's generation as the log said it lately; 0 if it did not.</summary>
    public long Generation(AccountTag account)
    {
        var stripe = StripeOf(account);
        lock (stripe.Lock)
            return stripe.Raised.GetValueOrDefault(account).Generation;
    }

    /// <summary>Forgets what an entry of the log revokes or outdates, and remembers that it did.</summary>
    public void Apply(LogEntry entry)
    {
        if (entry.Account is not { } account)
        {
            Clear();
            return;
        }
        var now = clock.GetTimestamp();
        var stripe = StripeOf(account);
        lock (stripe.Lock)
        {
            stripe.Version++;
            if (stripe.Accounts.Remove(account, out var sessions))
                sessions.ForEach(Forget);
            foreach (var handle in entry.Handles)
                stripe.Ended[(account, handle)] = now;
            if (entry.Generation is null && entry.ClaimsVersion is null)
                return;
            var raised = stripe.Raised.GetValueOrDefault(account);
            stripe.Raised[account] = (Math.Max(raised.Generation, entry.Generation ?? 0), Math.Max(raised.ClaimsVersion, entry.ClaimsVersion ?? 0), now);
        }
    }

    /// <summary>Forgets all sessions, not what was revoked; nothing that is being read now will be remembered.</summary>
    public void Clear()
    {
        foreach (var stripe in _stripes)
            lock (stripe.Lock)
            {
                stripe.Version++;
                foreach (var sessions in stripe.Accounts.Values)
                    sessions.ForEach(Forget);
                stripe.Accounts.Clear();
                stripe.Oldest.Clear();
            }
    }

    /// <summary>Forgets what is too old to matter.</summary>
    public void Sweep()
    {
        var now = clock.GetTimestamp();
        foreach (var stripe in _stripes)
            lock (stripe.Lock)
            {
                foreach (var (session, at) in stripe.Ended)
                    if (clock.GetElapsedTime(at, now) > Window)
                        stripe.Ended.Remove(session);
                foreach (var (account, raised) in stripe.Raised)
                    if (clock.GetElapsedTime(raised.At, now) > Window)
                        stripe.Raised.Remove(account);
                for (var i = stripe.Oldest.Count; i > 0; i--)
                    if (stripe.Oldest.Dequeue() is var entry && entry.IsFreshAt(now))
                        stripe.Oldest.Enqueue(entry);
                    else
                        Remove(stripe, entry);
            }
    }

    // Second chance: who was used since the last look stays.
    private void MakeRoom(Stripe stripe)
    {
        var most = Math.Max(1, options.Value.NearCacheSize / Stripes);
        while (stripe.Oldest.Count >= most)
        {
            var entry = stripe.Oldest.Dequeue();
            if (entry.IsFreshAt(clock.GetTimestamp()) && entry.TakeUsed())
                stripe.Oldest.Enqueue(entry);
            else
                Remove(stripe, entry);
        }
    }

    private void Remove(Stripe stripe, CachedSession entry)
    {
        Forget(entry);
        var account = entry.Account;
        if (stripe.Accounts.TryGetValue(account, out var sessions) && sessions.Remove(entry) && sessions.Count == 0)
            stripe.Accounts.Remove(account);
    }

    private void Forget(CachedSession entry)
    {
        entry.Invalidate();
        _byCookie.TryRemove(new(entry.Cookie, entry));
    }

    private Stripe StripeOf(AccountTag account) => _stripes[(uint)account.Value.GetHashCode(StringComparison.Ordinal) % Stripes];
}
