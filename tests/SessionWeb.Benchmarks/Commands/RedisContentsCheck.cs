using System.Text.RegularExpressions;
using SessionWeb.Sessions;
using SessionWeb.Sessions.Redis;
using StackExchange.Redis;

namespace SessionWeb.Benchmarks.Commands;

/// <summary>Checks that Redis holds the live sessions, and otherwise only documented keys that expire.</summary>
internal sealed partial class RedisContentsCheck(IDatabase redis, HashSet<SessionKey> live)
{
    // The recent-session index keeps an entry without a session for this time, in whole minutes.
    private static readonly TimeSpan CreationGrace = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan ExpiryTimeout = TimeSpan.FromMinutes(5);

    private readonly IServer _server = redis.Multiplexer.GetServers().Single();
    private readonly HashSet<string> _liveEntries = [.. live.Select(key => Text(RecentSession.ElementOf(key)))];

    /// <summary>
    /// Waits until the index has no other entry that is recent enough to belong to a session in creation.
    /// </summary>
    public async Task WaitForExpiryAsync()
    {
        List<SortedSetEntry> others = [];
        await Wait.UntilAsync(
            async () =>
            {
                others = (await EntriesAsync()).Where(entry => !_liveEntries.Contains(Text(entry.Element))).ToList();
                var latest = DateTimeOffset.UtcNow - CreationGrace;
                return others.All(entry => entry.Score < latest.ToUnixTimeMilliseconds());
            },
            () => $"{others.Count} entries of other sessions have expired", ExpiryTimeout);
        var keys = await _server.DatabaseSizeAsync();
        Console.WriteLine($"expired      {others.Count} entries of other sessions in the index, DBSIZE {keys}");
    }

    public async Task<bool> HasOnlyLiveSessionsAsync()
    {
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (sessions, errors) = (new HashSet<(AccountTag, string)>(), new List<string>());
        foreach (var key in _server.Keys(pageSize: 1000).Distinct().Select(key => key.ToString()).ToList())
        {
            var documented = DocumentedKey().Match(key);
            var kind = !documented.Success ? "unknown"
                : documented.Groups["kind"].Success ? documented.Groups["kind"].Value
                : documented.Groups["ending"].Success ? "ending" : "account";
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            if (!documented.Success)
                errors.Add($"{key} is not a documented key");
            // The revocation log is small and has no TTL.
            if (kind != "sw:log" && await redis.KeyTimeToLiveAsync(key) is null && await redis.KeyExistsAsync(key))
                errors.Add($"{key} has no TTL");

            var account = new AccountTag(documented.Groups["account"].Value);
            if (kind == "account")
            {
                var handles = (await redis.HashKeysAsync(key)).Where(field => field != "m");
                sessions.UnionWith(handles.Select(handle => (account, handle.ToString())));
            }
        }
        Compare("account keys", sessions, [.. live.Select(key => (key.Account, key.Handle))], errors);
        Compare("sw:recent", (await EntriesAsync()).Select(entry => Text(entry.Element)), _liveEntries, errors);

        var counts = string.Join(", ", kinds.Select(kind => $"{kind.Key} {kind.Value}"));
        var accounts = kinds.GetValueOrDefault("account");
        Console.WriteLine($"live         {sessions.Count} of {live.Count}, in {accounts} account keys");
        Console.WriteLine($"ended        {kinds.GetValueOrDefault("ending")}");
        Console.WriteLine($"keys         {counts}; DBSIZE {await _server.DatabaseSizeAsync()}");
        foreach (var error in errors.Take(20))
            Console.WriteLine($"error        {error}");
        return errors.Count == 0;
    }

    private async Task<SortedSetEntry[]> EntriesAsync()
    {
        // After a revocation of all sessions, the index continues under names with the new epoch.
        var epoch = (long)await redis.HashGetAsync("sw:log:state", "epoch");
        var shards = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            redis.SortedSetRangeByRankWithScoresAsync(epoch == 0 ? $"sw:recent:{i}" : $"sw:recent:{i}:{epoch}")));
        return [.. shards.SelectMany(shard => shard)];
    }

    private static string Text(RedisValue entry) => Convert.ToHexString((byte[])entry!);

    private static void Compare<T>(string key, IEnumerable<T> found, HashSet<T> expected, List<string> errors)
    {
        var all = found.ToHashSet();
        errors.AddRange(all.Except(expected).Select(item => $"{key} holds {item}, which is not live"));
        errors.AddRange(expected.Except(all).Select(item => $"{key} lacks {item}"));
    }

    [GeneratedRegex(
        @"^((?<kind>sw:recent):(\d|1[0-5])(:\d+)?|(?<kind>sw:log)(:(state|nodes|figures))?|"
        + @"sw:(?<account>[\w-]{22})(?<ending>:[\w-]{12})?)$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex DocumentedKey();
}
