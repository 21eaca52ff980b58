using SessionWeb.Checker.Library;

namespace SessionWeb.Checker.Gate;

/// <summary>Attacks on the rules that apply when Redis loses its latest writes.</summary>
internal static class DataLossAttacks
{
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("incarnation", SnapshotWithFollowingEntryAsync, MaxAttempts: 10),
        new("journal-recovery", LostRevocationAsync, MaxAttempts: 10),
        // The lease must outlast the reconnection to Redis.
        new("applied-revocations", LostRevocationBeforeRecoveryAsync, MaxAttempts: 10, LeaseMs: 4000),
    ];

    /// <summary>Redis restarts from a snapshot. The next entry has the number of one that was lost.</summary>
    private static async Task<bool> SnapshotWithFollowingEntryAsync(LibraryFarm farm)
    {
        var (account, cookie) = await farm.SignInAsync();
        await farm.RevokeAsync((await farm.SignInAsync()).Account);
        await farm.Redis.SaveAsync();
        await farm.RevokeAsync((await farm.SignInAsync()).Account);
        await RestartRedisAsync(farm);
        await farm.RevokeAsync(account);
        return await farm.IsAnyAcceptedAsync(cookie, requests: 4);
    }

    /// <summary>Redis loses the revocation. Node B restarts, so its memory does not contain it either.</summary>
    private static async Task<bool> LostRevocationAsync(LibraryFarm farm)
    {
        var (account, cookie) = await farm.SignInAsync();
        await farm.Redis.SaveAsync();
        await farm.RevokeAsync(account);
        await RestartRedisAsync(farm);
        farm.B.Process.Kill();
        farm.B.Restart();
        await farm.B.WaitForStartAsync();
        var outcome = RequestOutcome.Unavailable;
        await Wait.UntilAsync(
            async () => (outcome = await farm.B.SendRequestAsync(cookie)) != RequestOutcome.Unavailable,
            "node B answers");
        return outcome == RequestOutcome.Accepted;
    }

    /// <summary>Redis loses the revocation, and neither node can read the log to detect the loss.</summary>
    private static async Task<bool> LostRevocationBeforeRecoveryAsync(LibraryFarm farm)
    {
        var (account, cookie) = await farm.SignInAsync();
        await farm.Redis.SaveAsync();
        await farm.RevokeAsync(account);
        farm.A.Process.Suspend();
        farm.B.Proxy.BlocksLog = true;
        await RestartRedisAsync(farm);
        var accepted = await Wait.IsTrueWithinAsync(farm.Lease, () => farm.IsAcceptedAsync(cookie));
        farm.A.Process.Resume();
        return accepted;
    }

    private static async Task RestartRedisAsync(LibraryFarm farm)
    {
        farm.Redis.Kill();
        await farm.Redis.StartAsync();
    }
}
