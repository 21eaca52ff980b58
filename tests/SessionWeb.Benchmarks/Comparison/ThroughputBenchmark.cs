using SessionWeb.Benchmarks.Peers;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>
/// Measures <c>/api/me</c> of the app and its peers in turns, so that other load on the machine affects all of them. A
/// ratio is the median over the rounds. Each round starts new servers, because two processes of one program may differ
/// by a tenth and more.
/// </summary>
internal static class ThroughputBenchmark
{
    public static async Task RunAsync(BenchmarkOptions options, Report report)
    {
        var sessionWeb = new ThroughputCase("sessionWeb", "SessionWeb, one session");
        ThroughputCase[] cases =
        [
            sessionWeb,
            new("sessionWebRandom", "SessionWeb, 1,000 sessions at random")
            {
                Target = Target.AtLeast(0.95),
                Baseline = sessionWeb,
            },
            new("nearCacheOff", "SessionWeb without near cache, one session"),
            new("nearCacheOffRandom", "SessionWeb without near cache, 1,000 sessions"),
            new("noAuthentication", "no authentication") { Target = Target.AtLeast(0.9) },
            new("statelessCookie", "stock handler, ticket in the cookie") { Target = Target.AtLeast(1.25) },
            new("ticketStoreRecipe", "stock handler, Redis ticket store") { Target = Target.AtLeast(2) },
            new("expressSession", "Express, express-session, connect-redis") { Target = Target.AtLeast(6) },
        ];
        for (var round = 0; round < options.Rounds; round++)
            await RunRoundAsync(cases, round, options.Seconds);
        foreach (var item in cases)
            item.AddTo(report, sessionWeb);
    }

    private static async Task RunRoundAsync(ThroughputCase[] cases, int round, int seconds)
    {
        await using var redis = await RedisServers.StartAsync();
        await using var cached = await StartNodeAsync(redis, nearCache: true);
        await using var uncached = await StartNodeAsync(redis, nearCache: false);
        await using var none = await Peer.StartAsync(PeerApp.NoAuthentication, redis);
        await using var cookie = await Peer.StartAsync(PeerApp.StatelessCookie, redis);
        await using var ticketStore = await Peer.StartAsync(PeerApp.TicketStoreRecipe, redis);
        await using var express = await Peer.StartExpressAsync(redis);
        string[] sessions;
        var idleTimeout = TimeSpan.FromMinutes(30);
        await using (var source = await CookieSource.StartAsync(redis.Configuration, idleTimeout, "https"))
            sessions = await source.SignInAsync("alice", 1000);

        // In the order of the cases.
        ServerUnderLoad[] servers =
        [
            new(cached.Url, cached.Process, [sessions[0]]),
            new(cached.Url, cached.Process, sessions),
            new(uncached.Url, uncached.Process, [sessions[0]]),
            new(uncached.Url, uncached.Process, sessions),
            new(none.Url, none.Process, [""]),
            new(cookie.Url, cookie.Process, [await cookie.SignInAsync("alice-0")]),
            new(ticketStore.Url, ticketStore.Process, [await ticketStore.SignInAsync("alice-0")]),
            new(express.Url, express.Process, [await express.SignInAsync("alice-0")]),
        ];
        await ExpectEqualResponsesAsync(servers);
        await ThroughputCase.RunRoundAsync(cases, servers, round, seconds, redis);
    }

    public static Task<AppNode> StartNodeAsync(RedisServer redis, bool nearCache) =>
        AppNode.StartAsync(
        [
            .. Peer.Production,
            ("ConnectionStrings__Redis", redis.Configuration), ("Sessions__NearCache", nearCache ? "true" : "false"),
        ]);

    // Tolerates a difference, because timestamps have a varying number of fractional digits.
    private static async Task ExpectEqualResponsesAsync(ServerUnderLoad[] servers)
    {
        var lengths = new List<int>();
        foreach (var server in servers)
        {
            using var client = Peer.Client(server.Url);
            using var response = await client.GetMeAsync(server.Cookies[0]);
            lengths.Add((await response.Content.ReadAsStringAsync()).Length);
        }
        if (lengths.Max() - lengths.Min() > 20)
            throw new InvalidOperationException($"The responses differ in length: {string.Join(", ", lengths)} bytes.");
    }
}
