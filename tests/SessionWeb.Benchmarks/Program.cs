using SessionWeb.Benchmarks;
using SessionWeb.Benchmarks.Comparison;
using SessionWeb.Benchmarks.Peers;

switch (args)
{
    case ["streams", var streams] when IsCount(streams, out var count):
        await Streams.RunAsync(count);
        return 0;
    case ["leak", var operations] when IsCount(operations, out var count):
        return await Leak.RunAsync(count) ? 0 : 1;
    case ["leak-worker", var port, var seed, var operations]:
        await LeakWorker.RunAsync(int.Parse(port), int.Parse(seed), int.Parse(operations));
        return 0;
    case ["bench", .. var options]:
        return Bench.Run(options);
    case ["peer", var peer, var redis, var keys]:
        await PeerApp.RunAsync(peer, redis, keys);
        return 0;
    case ["bare", var peer, var redis, var keys]:
        await BareApp.RunAsync(peer, redis, keys);
        return 0;
    case ["race", var rounds] when IsCount(rounds, out var count):
        return await Race.RunAsync(count) ? 0 : 1;
    case ["resurrect", var minutes] when IsCount(minutes, out var count):
        return await Resurrect.RunAsync(count) ? 0 : 1;
    case ["steady", var sessions, var seconds] when IsCount(sessions, out var count) && IsCount(seconds, out var length):
        return await Steady.RunAsync(count, length) ? 0 : 1;
    default:
        Console.Error.WriteLine("""
            bench [--help]             SessionWeb side by side with its peers, and what its sessions cost: what bench.sh runs
            streams NUMBER             what a node needs for so many open pages, and how soon all of them hear of an ending
            leak OPERATIONS            what Redis holds after so many operations by nodes that are killed again and again
            race ROUNDS                sign-ins that race the disabling of their account
            resurrect MINUTES          request loops that race the revocation of their session, on either store
            steady SESSIONS SECONDS    what Redis writes when each session sends one request a second
            """);
        return 1;
}

static bool IsCount(string text, out int count) => int.TryParse(text, out count) && count > 0;
