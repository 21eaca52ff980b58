using System.Diagnostics;

namespace SessionWeb.Checker.Gate;

/// <summary>Attacks on the rules that apply when Redis loses its latest writes.</summary>
internal static class DataLossAttacks
{
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("incarnation", SnapshotWithFollowingEntryAsync, MaxAttempts: 2),
        new("journal-recovery", LostRevocationAsync, MaxAttempts: 2),
        // The lease must outlast the reconnection to Redis.
        new("tombstones", LostRevocationBeforeRecoveryAsync, MaxAttempts: 10, LeaseMs: 4000),
    ];

    /// <summary>Redis restarts from a snapshot. The next entry has the number of one that was lost.</summary>
    private static async Task<bool> SnapshotWithFollowingEntryAsync(Scene scene)
    {
        var (account, cookie) = await scene.SignInAsync();
        await scene.RevokeAsync((await scene.SignInAsync()).Name);
        await scene.Redis.SaveAsync();
        await scene.RevokeAsync((await scene.SignInAsync()).Name);
        await RestartRedisAsync(scene);
        await scene.RevokeAsync(account);
        return await scene.IsAnyAcceptedAsync(cookie, requests: 4);
    }

    /// <summary>Redis loses the revocation. Node B restarts, so its memory does not contain the revocation either.</summary>
    private static async Task<bool> LostRevocationAsync(Scene scene)
    {
        var (account, cookie) = await scene.SignInAsync();
        await scene.Redis.SaveAsync();
        await scene.RevokeAsync(account);
        await RestartRedisAsync(scene);
        scene.B.Process.Kill();
        scene.B.Start();
        await scene.B.ReadyAsync();
        var answer = Answer.Unavailable;
        await Wait.ForAsync(
            async () => (answer = await scene.B.AskAsync(cookie)) != Answer.Unavailable, "node B answers");
        return answer == Answer.Accepted;
    }

    /// <summary>Redis loses the revocation, and neither node can read the log to detect the loss.</summary>
    private static async Task<bool> LostRevocationBeforeRecoveryAsync(Scene scene)
    {
        var (account, cookie) = await scene.SignInAsync();
        await scene.Redis.SaveAsync();
        await scene.RevokeAsync(account);
        scene.A.Process.Freeze();
        scene.B.Proxy.IsDeafToLog = true;
        await RestartRedisAsync(scene);
        var accepted = false;
        for (var since = Stopwatch.GetTimestamp(); !accepted && Stopwatch.GetElapsedTime(since) < scene.Lease;)
        {
            accepted = await scene.IsAcceptedAsync(cookie);
            await Task.Delay(10);
        }
        scene.A.Process.Thaw();
        return accepted;
    }

    private static async Task RestartRedisAsync(Scene scene)
    {
        scene.Redis.Kill();
        await scene.Redis.StartAsync();
    }
}
