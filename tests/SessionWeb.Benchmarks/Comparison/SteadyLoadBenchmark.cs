using StackExchange.Redis;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>Counts Redis commands, including those in scripts, while requests use 1,000 sessions at random.</summary>
internal static class SteadyLoadBenchmark
{
    private const int WarmUp = 5;

    public static async Task RunAsync(BenchmarkOptions options, Report report)
    {
        await using var redis = await RedisServers.StartAsync();
        await using var node = await ThroughputBenchmark.StartNodeAsync(redis, nearCache: true);
        string[] cookies;
        var idleTimeout = TimeSpan.FromMinutes(30);
        await using (var source = await CookieSource.StartAsync(redis.Configuration, idleTimeout, "https"))
            cookies = await source.SignInAsync("steady", 1000);
        await Wrk.RunAsync(node.Url, cookies, WarmUp);

        var before = await CommandsAsync(redis);
        var load = await Wrk.RunAsync(node.Url, cookies, options.Steady);
        // The first INFO did not count itself.
        var operations = (double)(await CommandsAsync(redis) - before - 1) / load.Requests;
        report.Add(new("Redis operations per request, steady load", operations) { Target = Target.AtMost(0.01) });
        report.Put(operations, "redisOpsPerRequest");
    }

    private static Task<long> CommandsAsync(RedisServer redis) =>
        redis.InfoAsync("stats", "total_commands_processed");
}
