using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace SessionWeb.Benchmarks.Commands;

/// <summary>
/// Repeatedly revokes a session while eight loops send requests with its cookie to all nodes. Each request that starts
/// after the acknowledgement must be refused. Runs on three nodes with Redis, then on one with the embedded store.
/// </summary>
internal static class RevocationRace
{
    private const int Loops = 8;

    // Requests of each loop that start after the acknowledgement.
    private const int RequestsAfterAnswer = 5;

    // Activity is recorded once per twentieth of the idle timeout. With one second, a write is always in progress.
    private static readonly (string, string)[] Settings =
        [("Sessions__IdleTimeout", "00:00:01"), ("Sessions__StoreTimeout", "00:00:30")];

    public static async Task<bool> RunAsync(int minutes)
    {
        var half = TimeSpan.FromMinutes(minutes) / 2;
        await using var redis = await RedisServers.StartAsync();
        (string, string)[] onRedis = [.. Settings, ("ConnectionStrings__Redis", redis.Configuration)];
        await using var first = await AppNode.StartAsync(onRedis);
        // Only the first node has the accounts. The others only receive cookies.
        await using var second = await AppNode.StartAsync(onRedis);
        await using var third = await AppNode.StartAsync(onRedis);
        var passed = await RunAsync("redis, three nodes", [first, second, third], half);

        await using var embedded = await AppNode.StartAsync(Settings);
        passed &= await RunAsync("embedded", [embedded], half);
        Console.WriteLine(passed ? "resurrect: ok" : "resurrect: FAILED");
        return passed;
    }

    private static async Task<bool> RunAsync(string store, AppNode[] nodes, TimeSpan duration)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        var admin = await nodes[0].SignInAsync("admin");
        var (rounds, before, refused, violations) = (0, 0L, 0L, 0L);
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < duration; rounds++)
        {
            var cookies = new CookieContainer();
            using var user = await nodes[0].SignInAsync("alice", cookies);
            var me = await user.GetFromJsonAsync<Me>("/api/me");
            var (cookie, revoked) = (cookies.GetCookieHeader(nodes[0].Url), 0);
            var loops = Enumerable.Range(0, Loops).Select(i => Task.Run(async () =>
            {
                for (var (n, after) = (i, 0); after < RequestsAfterAnswer; n++)
                {
                    var acknowledged = Volatile.Read(ref revoked) == 1;
                    var url = new Uri(nodes[n % nodes.Length].Url, "/api/me");
                    using var request = new HttpRequestMessage(HttpMethod.Get, url);
                    request.Headers.Add("Cookie", cookie);
                    using var response = await client.SendAsync(request);
                    var accepted = response.StatusCode != HttpStatusCode.Unauthorized;
                    if (acknowledged)
                        after++;
                    Interlocked.Increment(ref acknowledged ? ref accepted ? ref violations : ref refused : ref before);
                }
            })).ToList();
            // The administrator's session may have expired, because the idle timeout applies to it, too.
            if (!(await admin.GetAsync("/api/me")).IsSuccessStatusCode)
            {
                admin.Dispose();
                admin = await nodes[0].SignInAsync("admin");
            }
            await AppNode.PostAsync(
                admin, "/admin/sessions", new() { ["account"] = me!.AccountId, ["id"] = me.Session }, "revoke");
            Volatile.Write(ref revoked, 1);
            await Task.WhenAll(loops);
        }
        admin.Dispose();
        Console.WriteLine(
            $"{store,-20} {rounds} revocations, {before} requests before the acknowledgement, "
            + $"{refused} refused after it, {violations} accepted after it");
        return violations == 0 && rounds > 0;
    }

    private sealed record Me(string AccountId, string Session);
}
