using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace SessionWeb.Benchmarks;

/// <summary>
/// Eight loops send requests with one cookie to every node while an administrator revokes its session, again and again: whatever began
/// after the acknowledgement must be refused. First on three nodes with Redis, then on one with the embedded store.
/// </summary>
internal static class Resurrect
{
    private const int Loops = 8;

    // Requests of each loop that begin after the acknowledgement.
    private const int After = 5;

    // Use is noted in steps of a twentieth, so that there is always a touch under way.
    private static readonly (string, string)[] Settings = [("Sessions__IdleTimeout", "00:00:01"), ("Sessions__StoreTimeout", "00:00:30")];

    public static async Task<bool> RunAsync(int minutes)
    {
        var half = TimeSpan.FromMinutes(minutes) / 2;
        await using var redis = await RedisServer.StartAsync();
        (string, string)[] onRedis = [.. Settings, ("ConnectionStrings__Redis", redis.Configuration)];
        await using var first = await AppNode.StartAsync(onRedis);
        // The accounts are the first node's; the others only ever see cookies.
        await using var second = await AppNode.StartAsync(onRedis);
        await using var third = await AppNode.StartAsync(onRedis);
        var holds = await RunAsync("redis, three nodes", [first, second, third], half);

        await using var embedded = await AppNode.StartAsync(Settings);
        holds &= await RunAsync("embedded", [embedded], half);
        Console.WriteLine(holds ? "resurrect: ok" : "resurrect: CAME BACK");
        return holds;
    }

    private static async Task<bool> RunAsync(string where, AppNode[] nodes, TimeSpan length)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        var admin = await nodes[0].SignInAsync("admin");
        var (rounds, before, refused, back) = (0, 0L, 0L, 0L);
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < length; rounds++)
        {
            var cookies = new CookieContainer();
            using var person = await nodes[0].SignInAsync("alice", cookies);
            var me = await person.GetFromJsonAsync<Me>("/api/me");
            var (cookie, revoked) = (cookies.GetCookieHeader(nodes[0].Url), 0);
            var loops = Enumerable.Range(0, Loops).Select(i => Task.Run(async () =>
            {
                for (var (n, late) = (i, 0); late < After; n++)
                {
                    var acknowledged = Volatile.Read(ref revoked) == 1;
                    using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(nodes[n % nodes.Length].Url, "/api/me")) { Headers = { { "Cookie", cookie } } };
                    using var answer = await client.SendAsync(request);
                    var letIn = answer.StatusCode != HttpStatusCode.Unauthorized;
                    if (acknowledged)
                        late++;
                    Interlocked.Increment(ref acknowledged ? ref letIn ? ref back : ref refused : ref before);
                }
            })).ToList();
            // An administrator idles here as fast as anybody.
            if (!(await admin.GetAsync("/api/me")).IsSuccessStatusCode)
            {
                admin.Dispose();
                admin = await nodes[0].SignInAsync("admin");
            }
            await AppNode.PostAsync(admin, "/admin/sessions", new() { ["account"] = me!.AccountId, ["id"] = me.Session }, "revoke");
            Volatile.Write(ref revoked, 1);
            await Task.WhenAll(loops);
        }
        admin.Dispose();
        Console.WriteLine($"{where,-20} {rounds} revocations, {before} requests before the acknowledgement, {refused} refused after it, {back} let in after it");
        return back == 0 && rounds > 0;
    }

    private sealed record Me(string AccountId, string Session);
}
