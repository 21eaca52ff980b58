using System.Diagnostics;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Revocation;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// The live sessions by last use: <c>sw:recent:0</c> … <c>sw:recent:15</c>, sorted sets of account tag and handle (25
/// bytes). The score is the last use in whole minutes, at most half an idle timeout old, because uses are written
/// together. When all sessions are revoked, the sets start again under names that end in the epoch.
/// </summary>
/// <remarks>
/// The index is derived from the sessions. It may briefly have elements without sessions, never the reverse: an element
/// is added before its session and removed after it, and activity only moves an existing element. A reader removes an
/// element without a session, and adds an element that a session lacks.
/// </remarks>
internal sealed class RecentSessionIndex(GlobalEpoch epoch, IOptions<SessionsOptions> options)
{
    // The session of a newer element may still be in creation.
    private static readonly TimeSpan SettlingTime = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan BatchTime = TimeSpan.FromMinutes(1);

    private const int BatchSize = 1000;
    private const int Shards = 16;

    private readonly Lock _gate = new();
    private Dictionary<SessionKey, long> _batch = [];
    private long _batchStartedAt;

    private static long Minute => DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 60 * 60_000;

    private TimeSpan Retention => options.Value.LongestLifetime + TimeSpan.FromHours(1);

    /// <summary>Adds a session. What is sent on the same connection afterwards is executed afterwards.</summary>
    /// <param name="redis">The database.</param>
    /// <param name="session">The session.</param>
    /// <param name="otherEpoch">The epoch whose index it is added to; null for the current one.</param>
    public async Task AddAsync(IDatabase redis, SessionKey session, long? otherEpoch = null)
    {
        var key = KeyOf(session.Account, otherEpoch);
        var added = redis.SortedSetAddAsync(key, RecentSession.ElementOf(session), Minute);
        var kept = redis.KeyExpireAsync(key, Retention);
        await Task.WhenAll(added, kept);
    }

    /// <summary>
    /// Records that a session was used, now or within a minute. A lost record is replaced half an idle timeout later.
    /// </summary>
    /// <returns>Always true.</returns>
    public async Task<bool> TouchAsync(IDatabase redis, SessionKey session, bool isUrgent)
    {
        var uses = isUrgent ? new Dictionary<SessionKey, long> { [session] = Minute } : TakeBatch(session);
        try
        {
            await MoveAsync(redis, uses);
        }
        catch (RedisServerException)
        {
            // A full Redis changes nothing in the index.
        }
        return true;
    }

    /// <summary>Removes the elements of an account's shard that are too old for a live session.</summary>
    public Task PruneAsync(IDatabase redis, AccountTag account) => redis.SortedSetRemoveRangeByScoreAsync(
        KeyOf(account), double.NegativeInfinity, DateTimeOffset.UtcNow.Subtract(Retention).ToUnixTimeMilliseconds());

    /// <returns>The number of removed elements.</returns>
    public async Task<long> RemoveAsync(IDatabase redis, AccountTag account, IReadOnlyList<string> handles)
    {
        RedisValue[] elements = [.. handles.Select(handle => RecentSession.ElementOf(account, handle))];
        return elements.Length == 0 ? 0 : await redis.SortedSetRemoveAsync(KeyOf(account), elements);
    }

    public static Task RemoveAsync(IDatabase redis, IEnumerable<RecentSession> entries) => Task.WhenAll(
        entries.Select(
            entry => redis.SortedSetRemoveAsync(entry.Shard, RecentSession.ElementOf(entry.Account, entry.Handle))));

    /// <summary>The last uses of sessions in Unix milliseconds; 0 for a session that the index lacks.</summary>
    public async Task<long[]> LastUsesAsync(IDatabase redis, AccountTag account, IEnumerable<string> handles)
    {
        var scores = await Task.WhenAll(handles.Select(
            handle => redis.SortedSetScoreAsync(KeyOf(account), RecentSession.ElementOf(account, handle))));
        return [.. scores.Select(score => (long)(score ?? 0))];
    }

    /// <summary>The first <paramref name="count"/> elements by last use, latest first, and the total number.</summary>
    public async Task<(List<RecentSession> Latest, long Total)> LatestAsync(IDatabase redis, int count)
    {
        var keys = KeysOf(epoch.Current.Number);
        var ranges = keys.Select(
            key => redis.SortedSetRangeByRankWithScoresAsync(key, 0, count - 1, Order.Descending)).ToList();
        var total = CountAsync(redis);
        // Many elements have the same minute. In Redis' own order a longer read only appends, so pages neither repeat
        // nor skip elements.
        var latest = (await Task.WhenAll(ranges))
            .SelectMany((range, i) => range.Select(entry => RecentSession.Read(keys[i], entry)))
            .OrderByDescending(entry => entry.LastUseMs)
            .ThenByDescending(entry => entry.SortKey, StringComparer.Ordinal)
            .Take(count).ToList();
        return (latest, await total);
    }

    /// <summary>The number of sessions, approximately.</summary>
    public async Task<long> CountAsync(IDatabase redis) =>
        (await Task.WhenAll(KeysOf(epoch.Current.Number).Select(key => redis.SortedSetLengthAsync(key)))).Sum();

    /// <summary>Deletes the index of a former epoch.</summary>
    public static Task DeleteAsync(IDatabase redis, long formerEpoch) =>
        // UNLINK frees the memory in the background.
        Task.WhenAll(KeysOf(formerEpoch).Select(key => redis.ExecuteAsync("UNLINK", key)));

    /// <summary>Whether an element is too old for a session in creation.</summary>
    public static bool IsSettled(RecentSession entry) =>
        DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - entry.LastUseMs > SettlingTime.TotalMilliseconds;

    /// <summary>Adds a use to the batch. Returns the batch if it is due, else nothing.</summary>
    private Dictionary<SessionKey, long> TakeBatch(SessionKey session)
    {
        lock (_gate)
        {
            if (_batch.Count == 0)
                _batchStartedAt = Stopwatch.GetTimestamp();
            _batch[session] = Minute;
            if (_batch.Count < BatchSize && Stopwatch.GetElapsedTime(_batchStartedAt) < BatchTime)
                return [];
            (var batch, _batch) = (_batch, []);
            return batch;
        }
    }

    private Task<long[]> MoveAsync(IDatabase redis, Dictionary<SessionKey, long> uses) => Task.WhenAll(
        uses.GroupBy(use => KeyOf(use.Key.Account)).Select(shard => redis.SortedSetAddAsync(
            shard.Key,
            [.. shard.Select(use => new SortedSetEntry(RecentSession.ElementOf(use.Key), use.Value))],
            When.Exists)));

    private RedisKey KeyOf(AccountTag account, long? otherEpoch = null) =>
        RedisKeys.Recent(account.Value[0] % Shards, otherEpoch ?? epoch.Current.Number);

    private static RedisKey[] KeysOf(long epoch) =>
        [.. Enumerable.Range(0, Shards).Select(shard => RedisKeys.Recent(shard, epoch))];
}
