using System.Buffers.Text;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Revocation;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// Who is online: <c>sw:recent:0</c> … <c>sw:recent:15</c>, sorted sets of tag and handle (25 bytes) by last use in whole minutes, which is at most half an
/// idle timeout old: use is noted together with that of others, a minute's at a time. It is derived from the sessions and may be wrong
/// for a moment in one direction only: an entry is written before its session and removed after it, use only ever moves an entry that is
/// there, and whoever comes upon one without a session removes it, or upon a session without one adds it. When everyone is signed out the
/// sets begin anew, under names that end in everyone's generation.
/// </summary>
internal sealed class RecentSessionIndex(GlobalEpoch everyone, IOptions<SessionsOptions> options)
{
    // An entry without a session may be one whose session is just being created.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(2);

    private const int TogetherAtMost = 1000;
    private static readonly TimeSpan Together = TimeSpan.FromMinutes(1);

    private const int Shards = 16;
    private const int EntryLength = AccountTag.ByteLength + SessionKey.HandleLength / 4 * 3;

    private readonly Lock _gate = new();
    private Dictionary<SessionKey, long> _used = [];
    private long _since;

    private static long Minute => DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 60 * 60_000;

    /// <summary>Adds a session. On one connection, what is sent after this is done after it.</summary>
    /// <param name="redis">The database.</param>
    /// <param name="session">The session.</param>
    /// <param name="epoch">The epoch whose index it is added to; null for the current one.</param>
    public async Task AddAsync(IDatabase redis, SessionKey session, long? epoch = null)
    {
        var key = KeyOf(session.Account, epoch);
        var added = redis.SortedSetAddAsync(key, Entry(session.Account, session.Handle), Minute);
        var kept = redis.KeyExpireAsync(key, Longest);
        await Task.WhenAll(added, kept);
    }

    /// <summary>Notes a session as used.</summary>
    public Task TouchAsync(IDatabase redis, SessionKey session) => MoveAsync(redis, [new(session, Minute)]);

    /// <summary>Notes a session as used, sooner or later: lost with its node, it is made up for half an idle timeout later.</summary>
    public Task TouchLaterAsync(IDatabase redis, SessionKey session)
    {
        Dictionary<SessionKey, long> used;
        lock (_gate)
        {
            if (_used.Count == 0)
                _since = Stopwatch.GetTimestamp();
            _used[session] = Minute;
            if (_used.Count < TogetherAtMost && Stopwatch.GetElapsedTime(_since) < Together)
                return Task.CompletedTask;
            (used, _used) = (_used, []);
        }
        return MoveAsync(redis, used);
    }

    /// <summary>Forgets what was used so long ago that it cannot be live; whose account signs in again, or who is listed, is forgotten sooner.</summary>
    public Task PruneAsync(IDatabase redis, AccountTag account) => redis.SortedSetRemoveRangeByScoreAsync(
        KeyOf(account), double.NegativeInfinity, DateTimeOffset.UtcNow.Subtract(Longest).ToUnixTimeMilliseconds());

    public Task RemoveAsync(IDatabase redis, AccountTag account, IEnumerable<string> handles)
    {
        RedisValue[] entries = [.. handles.Select(handle => Entry(account, handle))];
        return entries.Length == 0 ? Task.CompletedTask : redis.SortedSetRemoveAsync(KeyOf(account), entries);
    }

    public static Task RemoveAsync(IDatabase redis, IEnumerable<RecentSessionEntry> entries) =>
        Task.WhenAll(entries.Select(entry => redis.SortedSetRemoveAsync(entry.Shard, Entry(entry.Account, entry.Handle))));

    /// <summary>When sessions were last noted: Unix milliseconds, 0 if never.</summary>
    public async Task<long[]> LastUsesAsync(IDatabase redis, AccountTag account, IEnumerable<string> handles)
    {
        var scores = await Task.WhenAll(handles.Select(handle => redis.SortedSetScoreAsync(KeyOf(account), Entry(account, handle))));
        return [.. scores.Select(score => (long)(score ?? 0))];
    }

    /// <summary>The latest <paramref name="count"/> entries of all, and how many there are.</summary>
    public async Task<(List<RecentSessionEntry> Latest, long Total)> LatestAsync(IDatabase redis, int count)
    {
        var keys = Keys;
        var ranges = keys.Select(key => redis.SortedSetRangeByRankWithScoresAsync(key, 0, count - 1, Order.Descending)).ToList();
        var total = CountAsync(redis);
        // Many have the same minute. In the order that Redis has itself, what a longer reading adds comes after all of a shorter one's,
        // so that no page repeats or passes over what another page had.
        var latest = (await Task.WhenAll(ranges)).SelectMany((range, i) => range.Select(entry => Parse(keys[i], entry)))
            .OrderByDescending(entry => entry.NotedMs).ThenByDescending(entry => Convert.ToHexString((byte[])Entry(entry.Account, entry.Handle)!), StringComparer.Ordinal)
            .Take(count).ToList();
        return (latest, await total);
    }

    /// <summary>How many sessions there are, a few more or less.</summary>
    public async Task<long> CountAsync(IDatabase redis) => (await Task.WhenAll(Keys.Select(key => redis.SortedSetLengthAsync(key)))).Sum();

    /// <summary>Forgets all of an earlier generation of everyone.</summary>
    public static Task RemoveAsync(IDatabase redis, long generation) =>
        // Unlike DEL it does not keep Redis from its work, however much there is.
        Task.WhenAll(KeysOf(generation).Select(key => redis.ExecuteAsync("UNLINK", key)));

    public static bool IsSettled(RecentSessionEntry entry) =>
        DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - entry.NotedMs > Settled.TotalMilliseconds;

    private TimeSpan Longest =>
        (options.Value.RememberMe > options.Value.AbsoluteTimeout ? options.Value.RememberMe : options.Value.AbsoluteTimeout) + TimeSpan.FromHours(1);

    private Task<long[]> MoveAsync(IDatabase redis, IReadOnlyCollection<KeyValuePair<SessionKey, long>> used) =>
        Task.WhenAll(used.GroupBy(use => KeyOf(use.Key.Account)).Select(shard => redis.SortedSetAddAsync(
            shard.Key, [.. shard.Select(use => new SortedSetEntry(Entry(use.Key.Account, use.Key.Handle), use.Value))], When.Exists)));

    private static RecentSessionEntry Parse(RedisKey shard, SortedSetEntry entry) =>
        (byte[])entry.Element! is { Length: EntryLength } bytes
            ? new(
                shard, new(Base64Url.EncodeToString(bytes.AsSpan(0, AccountTag.ByteLength))),
                Base64Url.EncodeToString(bytes.AsSpan(AccountTag.ByteLength)), (long)entry.Score)
            : throw new SessionStoreUnavailableException($"The key {shard} holds something that is not an entry of the index of recent sessions.");

    internal static RedisValue Entry(AccountTag account, string handle)
    {
        var bytes = new byte[EntryLength];
        Base64Url.DecodeFromChars(account.Value, bytes);
        Base64Url.DecodeFromChars(handle, bytes.AsSpan(AccountTag.ByteLength));
        return bytes;
    }

    private RedisKey[] Keys => KeysOf(everyone.Value.Number);

    private RedisKey KeyOf(AccountTag account, long? epoch = null) => RedisKeys.Recent(account.Value[0] % Shards, epoch ?? everyone.Value.Number);

    private static RedisKey[] KeysOf(long generation) => [.. Enumerable.Range(0, Shards).Select(shard => RedisKeys.Recent(shard, generation))];
}

/// <summary>An entry of the list of who is online.</summary>
internal readonly record struct RecentSessionEntry(RedisKey Shard, AccountTag Account, string Handle, long NotedMs);
