using SessionWeb.Benchmarks.Peers;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>Measures the resident memory of a node before and after it cached many sessions.</summary>
internal static class NodeMemoryBenchmark
{
    private const int Sessions = 100_000;
    private const int Parallelism = 32;

    public static async Task RunAsync(BenchmarkOptions _, Report report)
    {
        await using var redis = await RedisServers.StartAsync();
        await using var node = await ThroughputBenchmark.StartNodeAsync(redis, nearCache: true);
        string[] cookies;
        var idleTimeout = TimeSpan.FromMinutes(30);
        await using (var source = await CookieSource.StartAsync(redis.Configuration, idleTimeout, "https"))
            cookies = await source.SignInAsync("cached", Sessions);

        await Wrk.RunAsync(node.Url, cookies[..1], seconds: 3);
        var before = node.Process.Megabytes;
        using var client = Peer.Client(node.Url);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Parallelism };
        await Parallel.ForEachAsync(cookies, parallel, async (cookie, _) =>
        {
            using var response = await client.GetMeAsync(cookie);
            response.EnsureSuccessStatusCode();
        });
        var after = node.Process.Megabytes;
        report.Add(new("resident memory of a node, 1 session cached", before, "MB"));
        report.Add(new($"resident memory of a node, {Sessions:#,0} sessions cached", after, "MB"));
        report.Put(before, "nodeMegabytes", "before");
        report.Put(after, "nodeMegabytes", "sessions100k");
    }
}
