using System.Diagnostics;
using StackExchange.Redis;

namespace SessionWeb.Benchmarks;

/// <summary>Sends one request a second with each of many sessions, and reads from Redis' own statistics what that made it write.</summary>
internal static class Steady
{
    // A step, in which use is noted at most once, is a twentieth of it.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(200);

    // A load of whole steps touches the edges of one more.
    private const double Edges = 1.05;

    public static async Task<bool> RunAsync(int sessions, int seconds)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await AppNode.StartAsync(("ConnectionStrings__Redis", redis.Configuration), ("Sessions__IdleTimeout", Idle.ToString()));
        string[] cookies;
        await using (var source = await CookieSource.StartAsync(redis.Configuration, Idle))
            cookies = await source.SignInAsync("steady", sessions);

        var server = await redis.ConnectAsync();
        using var connection = server.Multiplexer;
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 64 }) { BaseAddress = node.Url };
        await server.ConfigResetStatisticsAsync();
        var began = Stopwatch.GetTimestamp();
        var refused = (await Task.WhenAll(cookies.Select((cookie, i) => UseAsync(client, cookie, began, (double)i / sessions, seconds)))).Sum();
        var took = Stopwatch.GetElapsedTime(began);
        var calls = await CallsAsync(server);

        var requests = sessions * seconds;
        double PerStep(long count) => count / (double)sessions / (took / (Idle / 20));
        // Every request reads with one script, every touch is another.
        var touches = calls.GetValueOrDefault("evalsha") + calls.GetValueOrDefault("eval") - requests;
        var writing = ((string[])(await connection.GetDatabase().ExecuteAsync("ACL", "CAT", "write"))!).Where(calls.ContainsKey).ToList();
        var writes = writing.Sum(command => calls[command]);
        Console.WriteLine($"requests     {requests} in {took.TotalSeconds:0.0} s by {sessions} sessions, {refused} refused");
        Console.WriteLine($"touches      {touches}: {PerStep(touches):0.000} per session per step of {(Idle / 20).TotalSeconds:0} s");
        Console.WriteLine($"writes       {writes}: {PerStep(writes):0.000} per session per step; {string.Join(", ", writing.Select(command => $"{command} {calls[command]}"))}");
        var holds = refused == 0 && writes > 0 && PerStep(touches) <= Edges && PerStep(writes) <= Edges;
        Console.WriteLine(holds ? "steady: ok" : "steady: TOO MUCH");
        return holds;
    }

    private static async Task<int> UseAsync(HttpClient client, string cookie, long began, double offset, int seconds)
    {
        var refused = 0;
        for (var second = 0; second < seconds; second++)
        {
            var early = TimeSpan.FromSeconds(second + offset) - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
                await Task.Delay(early);
            using var answer = await client.GetMeAsync(cookie);
            refused += answer.IsSuccessStatusCode ? 0 : 1;
        }
        return refused;
    }

    // Commands that scripts call are counted as well.
    private static async Task<Dictionary<string, long>> CallsAsync(IServer server) =>
        (await server.InfoAsync("commandstats")).SelectMany(section => section)
            .ToDictionary(line => line.Key["cmdstat_".Length..], line => long.Parse(line.Value.Split(',')[0].Split('=')[1]));
}
