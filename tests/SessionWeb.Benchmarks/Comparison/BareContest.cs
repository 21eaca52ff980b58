using SessionWeb.Benchmarks.Peers;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>The library in an app that does nothing else, beside the same app with other authentication; see <see cref="BareApp"/>.</summary>
internal static class BareContest
{
    private const string Group = "bare";
    private const int Sessions = 1000;
    private const int AtOnce = 32;

    public static async Task RunAsync(BenchOptions options, Report report)
    {
        var library = new Contestant("library", "bare app, library, one session") { Group = Group };
        Contestant[] contestants =
        [
            library,
            new("libraryRandom", "bare app, library, 1,000 sessions at random") { Group = Group, Over = library },
            new("noAuthentication", "bare app, no authentication") { Group = Group },
            new("statelessCookie", "bare app, stock handler, ticket in the cookie") { Group = Group, Wanted = Wanted.Least(1.5) },
            new("ticketStoreRecipe", "bare app, stock handler, Redis ticket store") { Group = Group, Wanted = Wanted.Least(2.1) },
        ];
        for (var round = 0; round < options.Rounds; round++)
            await RunRoundAsync(contestants, round, options.Seconds);
        foreach (var contestant in contestants)
            contestant.Tell(report, library);
    }

    private static async Task RunRoundAsync(Contestant[] contestants, int round, int seconds)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var library = await Peer.StartBareAsync(PeerApp.Library, redis);
        await using var none = await Peer.StartBareAsync(PeerApp.NoAuthentication, redis);
        await using var cookie = await Peer.StartBareAsync(PeerApp.StatelessCookie, redis);
        await using var recipe = await Peer.StartBareAsync(PeerApp.TicketStoreRecipe, redis);
        var sessions = new string[Sessions];
        await Parallel.ForAsync(0, Sessions, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
            sessions[i] = await library.SignInAsync($"alice-{i}"));

        // In the order of the contestants.
        Target[] targets =
        [
            new(library.Url, library.Process, [sessions[0]]),
            new(library.Url, library.Process, sessions),
            new(none.Url, none.Process, [""]),
            new(cookie.Url, cookie.Process, [await cookie.SignInAsync("alice-0")]),
            new(recipe.Url, recipe.Process, [await recipe.SignInAsync("alice-0")]),
        ];
        await Contestant.TakeTurnsAsync(contestants, targets, round, seconds, redis.Process);
    }
}
