using System.Diagnostics;

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

    // Per second.
    private const int Ticks = 50;

    public static async Task<bool> RunAsync(int sessions, int seconds)
    {
        await using var redis = await RedisServers.StartAsync();
        await using var node = await AppNode.StartAsync(
            ("ConnectionStrings__Redis", redis.Configuration), ("Sessions__IdleTimeout", IdleTimeout.ToString()));
        string[] cookies;
        await using (var source = await CookieSource.StartAsync(redis.Configuration, IdleTimeout))
            cookies = await source.SignInAsync("steady", sessions);

        var database = await redis.ConnectAsync();
        var handler = new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 64 };
        using var client = new HttpClient(handler) { BaseAddress = node.Url };
        await redis.ExecuteAsync("CONFIG RESETSTAT");
        var began = Stopwatch.GetTimestamp();
        var refused = await SendAsync(client, cookies, seconds);
        var elapsed = Stopwatch.GetElapsedTime(began);
        var calls = await database.WritesAsync();

        var requests = sessions * seconds;
        double PerStep(long count) => count / (double)sessions / (elapsed / Step);
        var writes = calls.Values.Sum();
        var counts = string.Join(", ", calls.Select(call => $"{call.Key} {call.Value}"));
        var duration = $"{elapsed.TotalSeconds:0.0} s";
        Console.WriteLine($"requests     {requests} in {duration} by {sessions} sessions, {refused} refused");
        Console.WriteLine($"step         {Step.TotalSeconds:0} s");
        Console.WriteLine($"writes       {writes}: {PerStep(writes):0.000} per session per step; {counts}");
        var passed = refused == 0 && writes > 0 && PerStep(writes) <= Tolerance;
        Console.WriteLine(passed ? "steady: ok" : "steady: FAILED");
        return passed;
    }

    // The sessions take turns, so that the requests of each second are spread over it.
    private static async Task<int> SendAsync(HttpClient client, string[] cookies, int seconds)
    {
        var requests = new List<Task<bool>>();
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1) / Ticks);
        for (var tick = 0; tick < seconds * Ticks && await pace.WaitForNextTickAsync(); tick++)
            requests.AddRange(cookies.Where((_, i) => i % Ticks == tick % Ticks).Select(IsRefusedAsync));
        return (await Task.WhenAll(requests)).Count(isRefused => isRefused);

        async Task<bool> IsRefusedAsync(string cookie)
        {
            using var response = await client.GetMeAsync(cookie);
            return !response.IsSuccessStatusCode;
        }
    }
}
