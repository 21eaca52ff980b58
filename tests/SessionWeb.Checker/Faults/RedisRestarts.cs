using System.Diagnostics;
using SessionWeb.Checker.Library;
using SessionWeb.Checker.Torture;

namespace SessionWeb.Checker.Faults;

/// <summary>Restarts of Redis that lose its latest writes or all data.</summary>
internal sealed class RedisRestarts(LibraryFarm farm, NodeFaults nodeFaults, SessionPool sessions)
{
    public IReadOnlyList<Fault> All =>
    [
        new("Redis restored from snapshot", () => RestoreSnapshotAsync(TimeSpan.Zero)),
        // Longer than nodes keep revocations in memory.
        new("Redis restored, 16 minutes old", () => RestoreSnapshotAsync(TimeSpan.FromMinutes(16))),
        new("Redis restored from older AOF", RestoreAofAsync),
        new("Redis restarted empty", RestartEmptyAsync),
        new("Redis restored, node suspended", RestoreWhileNodeIsSuspendedAsync),
    ];

    /// <param name="age">
    /// How old the snapshot appears to be: entries in Redis and in the journal are dated back by this time.
    /// </param>
    private async Task RestoreSnapshotAsync(TimeSpan age)
    {
        var saved = Stopwatch.GetTimestamp();
        if (age > TimeSpan.Zero)
            await farm.Redis.BackdateLogAsync(age);
        await farm.Redis.SaveAsync();
        await NodeFaults.PauseAsync(100, 1500);
        await RestartAsync(session => session.SignInEnded > saved, async () =>
        {
            if (age > TimeSpan.Zero)
                farm.Journal.Backdate(age);
            await farm.Redis.StartAsync();
        });
    }

    private async Task RestoreAofAsync()
    {
        var saved = Stopwatch.GetTimestamp();
        await farm.Redis.CopyAofAsync();
        await NodeFaults.PauseAsync(100, 1500);
        await RestartAsync(session => session.SignInEnded > saved, farm.Redis.StartFromAofAsync);
    }

    private Task RestartEmptyAsync()
    {
        farm.Redis.DeleteSnapshot();
        return RestartAsync(_ => true, farm.Redis.StartAsync);
    }

    private async Task RestoreWhileNodeIsSuspendedAsync()
    {
        var node = nodeFaults.AnyNode;
        node.Process.Suspend();
        await RestoreSnapshotAsync(TimeSpan.Zero);
        await NodeFaults.PauseAsync(0, 3000);
        node.Process.Resume();
    }

    private Task RestartAsync(Func<TrackedSession, bool> isLost, Func<Task> startAsync) =>
        sessions.LoseAsync(isLost, async () =>
        {
            farm.Redis.Kill();
            await NodeFaults.PauseAsync(0, 500);
            await startAsync();
        });
}
