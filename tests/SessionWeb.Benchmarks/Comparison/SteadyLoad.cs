using StackExchange.Redis;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>Counts what Redis executes, commands within scripts included, while 1,000 sessions are used at random.</summary>
internal static class SteadyLoad
{
    private const int WarmUp = 5;

    public static async Task RunAsync(BenchOptions options, Report report)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await Contest.StartNodeAsync(redis, nearCache: true);
        string[] cookies;
        await using (var source = await CookieSource.StartAsync(redis.Configuration, TimeSpan.FromMinutes(30), "https"))
            cookies = await source.SignInAsync("steady", 1000);
        await Wrk.RunAsync(node.Url, cookies, WarmUp);

        var server = await redis.ConnectAsync();
        using var connection = server.Multiplexer;
        var before = await CommandsAsync(server);
        var load = await Wrk.RunAsync(node.Url, cookies, options.Steady);
        // The INFO of before was itself not yet counted there.
        var operations = (double)(await CommandsAsync(server) - before - 1) / load.Requests;
        report.Add(new("Redis operations per request, steady load", operations) { Wanted = Wanted.Most(0.01) });
        report.Put(operations, "redisOpsPerRequest");
    }

    private static async Task<long> CommandsAsync(IServer server) => await server.FigureAsync("stats", "total_commands_processed");
}
