using SessionWeb.Benchmarks.Commands;
using SessionWeb.Benchmarks.Comparison;
using SessionWeb.Benchmarks.Peers;

switch (args)
{
    case ["streams", var streams] when IsCount(streams, out var count):
        await EventStreamLoad.RunAsync(count);
        return 0;
    case ["leak", var operations] when IsCount(operations, out var count):
        return await LeakTest.RunAsync(count) ? 0 : 1;
    case ["leak-worker", var port, var seed, var operations]:
        await LeakWorker.RunAsync(int.Parse(port), int.Parse(seed), int.Parse(operations));
        return 0;
    case ["bench", .. var options]:
        return BenchmarkRunner.Run(options);
    case ["peer", var peer, var redis, var keys]:
        await PeerApp.RunAsync(peer, redis, keys);
        return 0;
    case ["bare", var peer, var redis, var keys]:
        await MinimalApp.RunAsync(peer, redis, keys);
        return 0;
    case ["race", var rounds] when IsCount(rounds, out var count):
        return await DisableRace.RunAsync(count) ? 0 : 1;
    case ["resurrect", var minutes] when IsCount(minutes, out var count):
        return await RevocationRace.RunAsync(count) ? 0 : 1;
    case ["steady", var sessions, var seconds]
        when IsCount(sessions, out var count) && IsCount(seconds, out var length):
        return await ActivityWrites.RunAsync(count, length) ? 0 : 1;
    default:
        Console.Error.WriteLine("""
            bench [--help]             benchmarks of SessionWeb and its peers, as bench.sh runs them
            streams NUMBER             memory of a node with open event streams, and time until all report the end
            leak OPERATIONS            contents of Redis after operations by nodes that are killed repeatedly
            race ROUNDS                sign-ins during the disabling of their account
            resurrect MINUTES          request loops during the revocation of their session, on both stores
            steady SESSIONS SECONDS    Redis writes while each session sends one request per second
            """);
        return 1;
}

static bool IsCount(string text, out int count) => int.TryParse(text, out count) && count > 0;
