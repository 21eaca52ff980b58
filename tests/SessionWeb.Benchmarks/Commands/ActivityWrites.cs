using System.Diagnostics;
using StackExchange.Redis;

namespace SessionWeb.Benchmarks.Commands;

/// <summary>
/// Sends one request per second and session, and counts the resulting writes with the statistics of Redis.
/// </summary>
internal static class ActivityWrites
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(200);

    // Activity is recorded at most once per step.
    private static readonly TimeSpan Step = IdleTimeout / 20;

    // A load of whole steps overlaps one more step, and lease renewals are writes, too.
    private const double Tolerance = 1.05;

    public static async Task<bool> RunAsync(int sessions, int seconds)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await AppNode.StartAsync(
            ("ConnectionStrings__Redis", redis.Configuration), ("Sessions__IdleTimeout", IdleTimeout.ToString()));
        string[] cookies;
        await using (var source = await CookieSource.StartAsync(redis.Configuration, IdleTimeout))
            cookies = await source.SignInAsync("steady", sessions);

        var server = await redis.ConnectAsync();
        using var connection = server.Multiplexer;
        var handler = new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 64 };
        using var client = new HttpClient(handler) { BaseAddress = node.Url };
        await server.ConfigResetStatisticsAsync();
        var began = Stopwatch.GetTimestamp();
        var refused = (await Task.WhenAll(cookies.Select((cookie, i) =>
            SendAsync(client, cookie, began, (double)i / sessions, seconds)))).Sum();
        var elapsed = Stopwatch.GetElapsedTime(began);
        var calls = await CallsAsync(server);

        var requests = sessions * seconds;
        double PerStep(long count) => count / (double)sessions / (elapsed / Step);
        var writeCommands = (string[])(await connection.GetDatabase().ExecuteAsync("ACL", "CAT", "write"))!;
        var used = writeCommands.Where(calls.ContainsKey).ToList();
        var writes = used.Sum(command => calls[command]);
        var counts = string.Join(", ", used.Select(command => $"{command} {calls[command]}"));
        var duration = $"{elapsed.TotalSeconds:0.0} s";
        Console.WriteLine($"requests     {requests} in {duration} by {sessions} sessions, {refused} refused");
        Console.WriteLine($"step         {Step.TotalSeconds:0} s");
        Console.WriteLine($"writes       {writes}: {PerStep(writes):0.000} per session per step; {counts}");
        var passed = refused == 0 && writes > 0 && PerStep(writes) <= Tolerance;
        Console.WriteLine(passed ? "steady: ok" : "steady: FAILED");
        return passed;
    }

    private static async Task<int> SendAsync(HttpClient client, string cookie, long began, double offset, int seconds)
    {
        var refused = 0;
        for (var second = 0; second < seconds; second++)
        {
            var delay = TimeSpan.FromSeconds(second + offset) - Stopwatch.GetElapsedTime(began);
            if (delay > TimeSpan.Zero)
                await Task.Delay(delay);
            using var response = await client.GetMeAsync(cookie);
            refused += response.IsSuccessStatusCode ? 0 : 1;
        }
        return refused;
    }

    // Redis also counts commands that scripts call.
    private static async Task<Dictionary<string, long>> CallsAsync(IServer server) =>
        (await server.InfoAsync("commandstats")).SelectMany(section => section).ToDictionary(
            line => line.Key["cmdstat_".Length..],
            line => long.Parse(line.Value.Split(',')[0].Split('=')[1]));
}
