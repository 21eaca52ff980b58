using System.Diagnostics;
using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>Checks of a farm whose Redis loses all data while all processes continue.</summary>
internal static class DataLossChecks
{
    // Two renewals of the lease, with a reserve.
    private static readonly TimeSpan LossDetected = TimeSpan.FromSeconds(3);

    /// <summary>Nodes detect that Redis lost the sessions, even if no session was ever revoked.</summary>
    public static async Task CheckSessionLossAsync(AppFarm farm, CheckReport report)
    {
        var browser = farm.NewBrowser();
        await AppFarm.SignInAdminAsync(browser, farm.A);
        await farm.CacheSessionAsync(browser.Session);
        await farm.Redis.ExecuteAsync("FLUSHALL");
        var lost = Stopwatch.GetTimestamp();
        await Task.WhenAll(farm.Nodes.Select(node => Wait.UntilAsync(async () =>
        {
            var isLate = Stopwatch.GetElapsedTime(lost) > LossDetected;
            var outcome = (await node.CheckSessionAsync(browser.Session)).Outcome;
            var isViolated = isLate && outcome == RequestOutcome.Accepted;
            if (isViolated)
            {
                report.RecordViolation(
                    $"new farm: node {node.Name} accepts a session {LossDetected.TotalSeconds} s after Redis lost it");
            }

            return isViolated || outcome == RequestOutcome.Rejected;
        }, $"node {node.Name} rejects the lost session")));
    }

    /// <summary>Redis also loses the data-protection keys, and a restarted node has no copy of them.</summary>
    public static async Task CheckKeyRingRecoveryAsync(AppFarm farm, CheckReport report)
    {
        await farm.Redis.ExecuteAsync("FLUSHALL");
        farm.A.Process.Kill();
        farm.A.Restart();
        await Wait.UntilAsync(farm.A.IsReadyAsync, "the restarted node is ready");
        foreach (var node in farm.Nodes)
        {
            var browser = farm.NewBrowser();
            await Wait.UntilAsync(async () =>
            {
                await AppFarm.SignInAdminAsync(browser, node);
                return true;
            }, $"an administrator signs in at node {node.Name}");
            foreach (var other in farm.Nodes)
            {
                await Wait.UntilAsync(async () =>
                {
                    var outcome = (await other.CheckSessionAsync(browser.Session)).Outcome;
                    if (outcome == RequestOutcome.Rejected)
                    {
                        report.RecordEndedWithoutReason(
                            $"lost key ring: node {other.Name} rejects a new session of node {node.Name}");
                    }

                    return outcome != RequestOutcome.Unavailable;
                }, $"node {other.Name} answers");
            }
        }
    }
}
