using System.Text.RegularExpressions;
using SessionWeb.Sessions;
using SessionWeb.Sessions.Redis;
using StackExchange.Redis;

namespace SessionWeb.Benchmarks;

/// <summary>Whether Redis holds some sessions, and nothing of any other but what is documented and forgotten by itself.</summary>
internal sealed partial class LeakCheck(IServer server, IDatabase redis, HashSet<SessionKey> live)
{
    // An entry without a session stays that long on the list of who is online, by whole minutes.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(2);

    private readonly HashSet<string> _online = [.. live.Select(key => Convert.ToHexString((byte[])RecentSessionIndex.Entry(key.Account, key.Handle)!))];

    /// <summary>Waits until no other session is live, and none was noted as used so lately that it could be just being created.</summary>
    public async Task AllOthersExpiredAsync()
    {
        for (var deadline = DateTimeOffset.UtcNow.AddMinutes(5); ; await Task.Delay(TimeSpan.FromSeconds(1)))
        {
            var now = DateTimeOffset.UtcNow;
            var others = (await EntriesAsync()).Where(entry => !_online.Contains(Convert.ToHexString((byte[])entry.Element!))).ToList();
            if (others.All(entry => now.ToUnixTimeMilliseconds() - entry.Score > Settled.TotalMilliseconds))
            {
                Console.WriteLine($"before       {others.Count} others on the list of who is online, DBSIZE {await server.DatabaseSizeAsync()}");
                return;
            }
            if (now > deadline)
                throw new TimeoutException("There are sessions that do not expire.");
        }
    }

    public async Task<bool> HoldsThemAloneAsync()
    {
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (sessions, wrong) = (new HashSet<(AccountTag, string)>(), new List<string>());
        foreach (var key in server.Keys(pageSize: 1000).Distinct().Select(key => key.ToString()).ToList())
        {
            var documented = Documented().Match(key);
            var kind = !documented.Success ? "unknown"
                : documented.Groups["kind"].Success ? documented.Groups["kind"].Value
                : documented.Groups["ending"].Success ? "ending" : "account";
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            if (!documented.Success)
                wrong.Add($"{key} is no documented key");
            // The log of revocations is small, and stays.
            if (kind != "sw:log" && await redis.KeyTimeToLiveAsync(key) is null && await redis.KeyExistsAsync(key))
                wrong.Add($"{key} has no TTL");

            var account = new AccountTag(documented.Groups["account"].Value);
            if (kind == "account")
                sessions.UnionWith((await redis.HashKeysAsync(key)).Where(field => field != "m").Select(handle => (account, handle.ToString())));
        }
        Compare("sw:u", sessions, [.. live.Select(key => (key.Account, key.Handle))], wrong);
        Compare("sw:recent", (await EntriesAsync()).Select(entry => Convert.ToHexString((byte[])entry.Element!)), _online, wrong);

        Console.WriteLine($"live         {sessions.Count} of {live.Count}, on {kinds.GetValueOrDefault("account")} accounts' keys");
        Console.WriteLine($"tombstones   {kinds.GetValueOrDefault("ending")}");
        Console.WriteLine($"keys         {string.Join(", ", kinds.Select(kind => $"{kind.Key} {kind.Value}"))}; DBSIZE {await server.DatabaseSizeAsync()}");
        foreach (var sentence in wrong.Take(20))
            Console.WriteLine($"wrong        {sentence}");
        return wrong.Count == 0;
    }

    private async Task<SortedSetEntry[]> EntriesAsync()
    {
        // When everyone was signed out, the list begins anew under another name.
        var everyone = (long)await redis.HashGetAsync("sw:log:state", "epoch");
        return [.. (await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            redis.SortedSetRangeByRankWithScoresAsync(everyone == 0 ? $"sw:recent:{i}" : $"sw:recent:{i}:{everyone}")))).SelectMany(shard => shard)];
    }

    private static void Compare<T>(string where, IEnumerable<T> found, HashSet<T> expected, List<string> wrong)
    {
        var all = found.ToHashSet();
        wrong.AddRange(all.Except(expected).Select(one => $"{where} holds {one}, which is not live"));
        wrong.AddRange(expected.Except(all).Select(one => $"{where} has lost {one}"));
    }

    [GeneratedRegex(
        @"^((?<kind>sw:recent):(\d|1[0-5])(:\d+)?|(?<kind>sw:log)(:(state|nodes|figures))?|sw:(?<account>[\w-]{22})(?<ending>:[\w-]{43})?)$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Documented();
}
