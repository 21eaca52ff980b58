using System.Diagnostics;
using SessionWeb.Sessions;

namespace SessionWeb.Benchmarks.Commands;

/// <summary>
/// Runs random operations on short sessions, on nodes that are killed repeatedly. Then creates longer sessions and
/// checks that Redis holds only those after the others have expired and the recent-session index was read once.
/// </summary>
internal static class LeakTest
{
    private const int Workers = 3;
    private const int LiveAccounts = LeakWorker.Accounts / 2;
    private const int LiveSessions = 1000;
    private const int MaxBatchesBeforeKill = 20;

    public static async Task<bool> RunAsync(int operations)
    {
        await using var redis = await RedisServers.StartAsync();
        var share = (operations + Workers * LeakWorker.Batch - 1) / (Workers * LeakWorker.Batch) * LeakWorker.Batch;
        var workers = Enumerable.Range(0, Workers).Select(i => RunWorkerAsync(redis.Port, i, share));
        var kills = (await Task.WhenAll(workers)).Sum();
        Console.WriteLine($"operations   {share * Workers} by {Workers} nodes, {kills} kills");

        await using var here = await LibraryNode.StartAsync(redis.Configuration);
        var store = here.Store;
        var live = new HashSet<SessionKey>();
        // One generation for all, because a later one of an account ends its earlier sessions. Each operation may have
        // raised an account's by one.
        var generation = LeakWorker.Generation + share * Workers;
        for (var i = 0; i < LiveSessions; i++)
        {
            // Half of the accounts get sessions, so that all keys of the others must expire.
            var day = TimeSpan.FromDays(1);
            var session = LeakWorker.NewSession(i % LiveAccounts, day, day, generation);
            if ((await store.CreateAsync(session, default)).Outcome != CreateOutcome.Created)
                throw new InvalidOperationException("A live session was refused.");
            live.Add(session.Key);
        }

        var contents = new RedisContentsCheck(await redis.ConnectAsync(), live);
        await contents.WaitForExpiryAsync();
        await ListAllAsync(store);
        var passed = await contents.HasOnlyLiveSessionsAsync();
        Console.WriteLine(passed ? "leak: ok" : "leak: FAILED");
        return passed;
    }

    // Restarts a node until its operations are done, and returns the number of kills.
    private static async Task<int> RunWorkerAsync(int port, int slot, int remaining)
    {
        var (random, kills) = (new Random(slot), 0);
        for (var seed = slot; remaining > 0; seed += Workers)
        {
            string[] arguments =
                [typeof(LeakTest).Assembly.Location, "leak-worker", $"{port}", $"{seed}", $"{remaining}"];
            var start = new ProcessStartInfo("dotnet", arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            };
            using var node = Process.Start(start)!;
            // After one batch or more, so that each node makes progress. Its other loops are in the middle of
            // operations.
            var batches = random.Next(1, MaxBatchesBeforeKill);
            while (await node.StandardOutput.ReadLineAsync() is not null)
            {
                remaining -= LeakWorker.Batch;
                if (--batches > 0)
                    continue;
                if (batches == 0)
                    node.Kill();
            }
            await node.WaitForExitAsync();
            if (batches <= 0)
                kills++;
            else if (node.ExitCode != 0)
                throw new InvalidOperationException($"A node exited with {node.ExitCode}.");
        }
        return kills;
    }

    private static async Task ListAllAsync(ISessionStore store)
    {
        const int PageSize = 100;
        var (sessions, pages, longest) = (0, 0, TimeSpan.Zero);
        for (var more = true; more; pages++)
        {
            var started = Stopwatch.GetTimestamp();
            var page = await store.ListRecentAsync(pages * PageSize, PageSize, default);
            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(started).Ticks));
            (sessions, more) = (sessions + page.Sessions.Count, page.HasNext);
        }
        Console.WriteLine(
            $"listed       {sessions} sessions on {pages} pages, slowest page {longest.TotalMilliseconds:0} ms");
    }
}
