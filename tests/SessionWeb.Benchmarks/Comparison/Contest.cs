using SessionWeb.Benchmarks.Peers;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>
/// <c>/api/me</c> of the app and of its peers under the same load, taking turns, so that whatever else the machine does meets all of them. A ratio is
/// the median of the rounds' ratios. Each round has servers of its own: two processes of one program may differ by a tenth and more, and
/// a ratio should not hang on a single one.
/// </summary>
internal static class Contest
{
    public static async Task RunAsync(BenchOptions options, Report report)
    {
        var own = new Contestant("sessionWeb", "SessionWeb, one session");
        Contestant[] contestants =
        [
            own,
            new("sessionWebRandom", "SessionWeb, 1,000 sessions at random") { Wanted = Wanted.Least(0.95), Over = own },
            new("nearCacheOff", "SessionWeb without near cache, one session"),
            new("nearCacheOffRandom", "SessionWeb without near cache, 1,000 sessions"),
            new("noAuthentication", "no authentication at all") { Wanted = Wanted.Least(0.9) },
            new("statelessCookie", "stock handler, ticket in the cookie") { Wanted = Wanted.Least(1.25) },
            new("ticketStoreRecipe", "stock handler, Redis ticket store") { Wanted = Wanted.Least(2) },
            new("expressSession", "Express, express-session, connect-redis") { Wanted = Wanted.Least(6) },
        ];
        for (var round = 0; round < options.Rounds; round++)
            await RunRoundAsync(contestants, round, options.Seconds);
        foreach (var contestant in contestants)
            contestant.Tell(report, own);
    }

    private static async Task RunRoundAsync(Contestant[] contestants, int round, int seconds)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var cached = await StartNodeAsync(redis, nearCache: true);
        await using var uncached = await StartNodeAsync(redis, nearCache: false);
        await using var none = await Peer.StartAsync(PeerApp.NoAuthentication, redis);
        await using var cookie = await Peer.StartAsync(PeerApp.StatelessCookie, redis);
        await using var recipe = await Peer.StartAsync(PeerApp.TicketStoreRecipe, redis);
        await using var express = await Peer.StartExpressAsync(redis);
        string[] sessions;
        await using (var source = await CookieSource.StartAsync(redis.Configuration, TimeSpan.FromMinutes(30), "https"))
            sessions = await source.SignInAsync("alice", 1000);

        // In the order of the contestants.
        Target[] targets =
        [
            new(cached.Url, cached.Process, [sessions[0]]),
            new(cached.Url, cached.Process, sessions),
            new(uncached.Url, uncached.Process, [sessions[0]]),
            new(uncached.Url, uncached.Process, sessions),
            new(none.Url, none.Process, [""]),
            new(cookie.Url, cookie.Process, [await cookie.SignInAsync("alice-0")]),
            new(recipe.Url, recipe.Process, [await recipe.SignInAsync("alice-0")]),
            new(express.Url, express.Process, [await express.SignInAsync("alice-0")]),
        ];
        await ExpectEqualAnswersAsync(targets);
        await Contestant.TakeTurnsAsync(contestants, targets, round, seconds, redis.Process);
    }

    public static Task<AppNode> StartNodeAsync(RedisServer redis, bool nearCache) =>
        AppNode.StartAsync([.. Peer.Production, ("ConnectionStrings__Redis", redis.Configuration), ("Sessions__NearCache", nearCache ? "true" : "false")]);

    // Times differ in how many digits of a second they need.
    private static async Task ExpectEqualAnswersAsync(Target[] targets)
    {
        var lengths = new List<int>();
        foreach (var target in targets)
        {
            using var client = Peer.Client(target.Url);
            using var answer = await client.GetMeAsync(target.Cookies[0]);
            lengths.Add((await answer.Content.ReadAsStringAsync()).Length);
        }
        if (lengths.Max() - lengths.Min() > 20)
            throw new InvalidOperationException($"The answers are not alike: {string.Join(", ", lengths)} bytes.");
    }
}
