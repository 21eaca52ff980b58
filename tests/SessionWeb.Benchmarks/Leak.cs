using System.Diagnostics;
using SessionWeb.Sessions;

namespace SessionWeb.Benchmarks;

/// <summary>
/// Has nodes do random operations on sessions that live for seconds, killing them (-9) all the while; then creates some sessions that live
/// on, and looks whether Redis holds those alone once the others have expired and the list of who is online was read once.
/// </summary>
internal static class Leak
{
    private const int Workers = 3;
    private const int LiveAccounts = LeakWorker.Accounts / 2;
    private const int Live = 1000;

    public static async Task<bool> RunAsync(int operations)
    {
        await using var redis = await RedisServer.StartAsync();
        var share = (operations + Workers * LeakWorker.Batch - 1) / (Workers * LeakWorker.Batch) * LeakWorker.Batch;
        var kills = (await Task.WhenAll(Enumerable.Range(0, Workers).Select(i => WorkAsync(redis.Port, i, share)))).Sum();
        Console.WriteLine($"operations   {share * Workers} by {Workers} nodes, {kills} times killed");

        await using var here = await LibraryNode.StartAsync(redis.Configuration);
        var store = here.Store;
        var live = new HashSet<SessionKey>();
        // One for all: a later generation of an account ends what it has of earlier ones.
        var generation = LeakWorker.Generation;
        for (var i = 0; i < Live; i++)
        {
            // On half of the accounts, so that there are some of which nothing may stay.
            var session = LeakWorker.NewSession(i % LiveAccounts, TimeSpan.FromDays(1), TimeSpan.FromDays(1), generation);
            if ((await store.CreateAsync(session, default)).Outcome != CreateOutcome.Created)
                throw new InvalidOperationException("A session that should live on was refused.");
            live.Add(session.Key);
        }

        var server = await redis.ConnectAsync();
        using var connection = server.Multiplexer;
        var contents = new LeakCheck(server, connection.GetDatabase(), live);
        await contents.AllOthersExpiredAsync();
        await WalkAsync(store);
        var holds = await contents.HoldsThemAloneAsync();
        Console.WriteLine(holds ? "leak: ok" : "leak: FOUND");
        return holds;
    }

    // Starts a node again and again until its operations are done, and tells how often it was killed.
    private static async Task<int> WorkAsync(int port, int slot, int left)
    {
        var (random, kills) = (new Random(slot), 0);
        for (var seed = slot; left > 0; seed += Workers)
        {
            using var node = Process.Start(new ProcessStartInfo(
                "dotnet", [typeof(Leak).Assembly.Location, "leak-worker", $"{port}", $"{seed}", $"{left}"]) { RedirectStandardOutput = true })!;
            // It dies some time after its first operations, so that some are done at all.
            var (life, killed) = ((Task?)null, false);
            var line = node.StandardOutput.ReadLineAsync();
            while (true)
            {
                if (!killed && life is not null && await Task.WhenAny(line, life) == life)
                {
                    node.Kill();
                    (killed, kills) = (true, kills + 1);
                }
                if (await line is null)
                    break;
                left -= LeakWorker.Batch;
                life ??= Task.Delay(random.Next(200, 900));
                line = node.StandardOutput.ReadLineAsync();
            }
            await node.WaitForExitAsync();
            if (!killed && node.ExitCode != 0)
                throw new InvalidOperationException($"A node ended by itself: {node.ExitCode}.");
        }
        return kills;
    }

    private static async Task WalkAsync(ISessionStore store)
    {
        const int take = 100;
        var (sessions, pages, longest) = (0, 0, TimeSpan.Zero);
        for (var more = true; more; pages++)
        {
            var asked = Stopwatch.GetTimestamp();
            var page = await store.ListRecentAsync(pages * take, take, default);
            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(asked).Ticks));
            (sessions, more) = (sessions + page.Sessions.Count, page.HasNext);
        }
        Console.WriteLine($"online       {sessions} sessions on {pages} pages, the slowest in {longest.TotalMilliseconds:0} ms");
    }
}
