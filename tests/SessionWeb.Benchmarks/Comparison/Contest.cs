using SessionWeb.Benchmarks.Peers;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>
/// <c>/api/me</c> of the app and of its peers under the same load, taking turns, so that whatever else the machine does meets all of them. A ratio is
/// the median of the rounds' ratios.
/// </summary>
internal static class Contest
{
    private const int WarmUp = 5;

    public static async Task RunAsync(BenchOptions options, Report report)
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

        var own = new Contestant("sessionWeb", "SessionWeb, one session", cached.Url, cached.Process, [sessions[0]]);
        Contestant[] contestants =
        [
            own,
            new("sessionWebRandom", "SessionWeb, 1,000 sessions at random", cached.Url, cached.Process, sessions) { Wanted = Wanted.Least(0.95), Over = own },
            new("nearCacheOff", "SessionWeb without near cache, one session", uncached.Url, uncached.Process, [sessions[0]]),
            new("nearCacheOffRandom", "SessionWeb without near cache, 1,000 sessions", uncached.Url, uncached.Process, sessions),
            new("noAuthentication", "no authentication at all", none.Url, none.Process, [""]) { Wanted = Wanted.Least(0.85) },
            new("statelessCookie", "stock handler, ticket in the cookie", cookie.Url, cookie.Process, [await cookie.SignInAsync("alice-0")]) { Wanted = Wanted.Least(1.25) },
            new("ticketStoreRecipe", "stock handler, Redis ticket store", recipe.Url, recipe.Process, [await recipe.SignInAsync("alice-0")]) { Wanted = Wanted.Least(2) },
            new("expressSession", "Express, express-session, connect-redis", express.Url, express.Process, [await express.SignInAsync("alice-0")]) { Wanted = Wanted.Least(6) },
        ];
        await ExpectEqualAnswersAsync(contestants);
        foreach (var contestant in contestants)
            await contestant.TakeTurnAsync(WarmUp, redis.Process, counts: false);
        for (var round = 0; round < options.Rounds; round++)
            // Nobody always follows the same one.
            for (var i = 0; i < contestants.Length; i++)
                await contestants[(i + round) % contestants.Length].TakeTurnAsync(options.Seconds, redis.Process);
        foreach (var contestant in contestants)
            contestant.Tell(report, own);
    }

    public static Task<AppNode> StartNodeAsync(RedisServer redis, bool nearCache) =>
        AppNode.StartAsync([.. Peer.Production, ("ConnectionStrings__Redis", redis.Configuration), ("Sessions__NearCache", nearCache ? "true" : "false")]);

    // Times differ in how many digits of a second they need.
    private static async Task ExpectEqualAnswersAsync(Contestant[] contestants)
    {
        var lengths = new List<int>();
        foreach (var contestant in contestants)
        {
            using var client = Peer.Client(contestant.Url);
            using var answer = await client.GetMeAsync(contestant.Cookies[0]);
            lengths.Add((await answer.Content.ReadAsStringAsync()).Length);
        }
        if (lengths.Max() - lengths.Min() > 20)
            throw new InvalidOperationException($"The answers are not alike: {string.Join(", ", lengths)} bytes.");
    }
}
