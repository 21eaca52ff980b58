using SessionWeb.Benchmarks.Peers;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>What a node needs for sessions that it remembers: before any was used, and after each was used once.</summary>
internal static class NodeMemory
{
    private const int Sessions = 100_000;
    private const int AtOnce = 32;

    public static async Task RunAsync(BenchOptions _, Report report)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await Contest.StartNodeAsync(redis, nearCache: true);
        string[] cookies;
        await using (var source = await CookieSource.StartAsync(redis.Configuration, TimeSpan.FromMinutes(30), "https"))
            cookies = await source.SignInAsync("remembered", Sessions);

        await Wrk.RunAsync(node.Url, cookies[..1], seconds: 3);
        var before = node.Process.Megabytes;
        using var client = Peer.Client(node.Url);
        await Parallel.ForEachAsync(cookies, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (cookie, _) =>
        {
            using var answer = await client.GetMeAsync(cookie);
            answer.EnsureSuccessStatusCode();
        });
        var after = node.Process.Megabytes;
        report.Add(new("resident memory of a node that remembers 1 session", before, "MB"));
        report.Add(new($"resident memory of a node that remembers {Sessions:#,0}", after, "MB"));
        report.Put(before, "nodeMegabytes", "before");
        report.Put(after, "nodeMegabytes", "sessions100k");
    }
}
