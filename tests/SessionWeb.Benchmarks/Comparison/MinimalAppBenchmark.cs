using SessionWeb.Benchmarks.Peers;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>Measures the library in a <see cref="MinimalApp"/> beside the same app with other authentication.</summary>
internal static class MinimalAppBenchmark
{
    private const string Group = "bare";
    private const int Sessions = 1000;
    private const int Parallelism = 32;

    public static async Task RunAsync(BenchmarkOptions options, Report report)
    {
        var library = Case("library", "library, one session");
        ThroughputCase[] cases =
        [
            library,
            Case("libraryRandom", "library, 1,000 sessions at random") with { Baseline = library },
            Case("noAuthentication", "no authentication"),
            Case("statelessCookie", "stock handler, ticket in the cookie") with { Target = Target.AtLeast(1.5) },
            Case("ticketStoreRecipe", "stock handler, Redis ticket store") with { Target = Target.AtLeast(2.1) },
        ];
        for (var round = 0; round < options.Rounds; round++)
            await RunRoundAsync(cases, round, options.Seconds);
        foreach (var item in cases)
            item.AddTo(report, library);
    }

    private static ThroughputCase Case(string key, string name) => new(key, $"minimal app, {name}") { Group = Group };

    private static async Task RunRoundAsync(ThroughputCase[] cases, int round, int seconds)
    {
        await using var redis = await RedisServers.StartAsync();
        await using var library = await Peer.StartMinimalAsync(PeerApp.Library, redis);
        await using var none = await Peer.StartMinimalAsync(PeerApp.NoAuthentication, redis);
        await using var cookie = await Peer.StartMinimalAsync(PeerApp.StatelessCookie, redis);
        await using var ticketStore = await Peer.StartMinimalAsync(PeerApp.TicketStoreRecipe, redis);
        var sessions = new string[Sessions];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Parallelism };
        await Parallel.ForAsync(0, Sessions, parallel, async (i, _) =>
            sessions[i] = await library.SignInAsync($"alice-{i}"));

        // In the order of the cases.
        ServerUnderLoad[] servers =
        [
            new(library.Url, library.Process, [sessions[0]]),
            new(library.Url, library.Process, sessions),
            new(none.Url, none.Process, [""]),
            new(cookie.Url, cookie.Process, [await cookie.SignInAsync("alice-0")]),
            new(ticketStore.Url, ticketStore.Process, [await ticketStore.SignInAsync("alice-0")]),
        ];
        await ThroughputCase.RunRoundAsync(cases, servers, round, seconds, redis);
    }
}
