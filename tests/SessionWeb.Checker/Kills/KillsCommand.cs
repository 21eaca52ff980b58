using SessionWeb.Checker.Actions;
using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Kills;

/// <summary>
/// Kills the process that performs an action, at each step. Afterwards either nothing has changed, or the action is
/// complete.
/// </summary>
internal sealed class KillsCommand(AppFarm farm, CheckReport report, int stride)
{
    // Most later commands poll for acknowledgements, so the distance between kills grows with the command number.
    private const int GrowthDivisor = 8;

    // No action sends more commands.
    private const int MaxCommands = 200;

    private static readonly TimeSpan WatchDuration = TimeSpan.FromMilliseconds(500);

    /// <param name="chosen">The names of actions; empty for all.</param>
    /// <param name="stride">The distance between kills, in commands to Redis; 1 for all commands.</param>
    public static async Task<bool> RunAsync(IReadOnlyCollection<string> chosen, int stride)
    {
        var actions = AppAction.Named(chosen);
        var report = new CheckReport();
        using var farm = await AppFarm.StartAsync(leaseSeconds: 1);
        var command = new KillsCommand(farm, report, stride);
        foreach (var action in actions)
            await command.CheckAsync(action);
        report.Print();
        Console.WriteLine(report.HasPassed ? "kills: ok" : "kills: FAILED");
        return report.HasPassed;
    }

    private async Task CheckAsync(AppAction action)
    {
        var kills = 0;
        var lastReply = "";
        foreach (var forwardsCommand in stride == 1 ? [false, true] : new[] { false })
        {
            for (var number = 1; number <= MaxCommands; number += Math.Max(stride, number / GrowthDivisor))
            {
                var circumstances = $"killed {(forwardsCommand ? "after" : "before")} command {number} to Redis";
                var fault = new KillAtCommand(number, forwardsCommand);
                var (wasKilled, reply) = await PerformAsync(action, circumstances, _ => fault);
                if (!wasKilled)
                {
                    lastReply = $"{reply.Outcome}: {reply.Text}";
                    break;
                }
                kills++;
            }
        }

        var (wasKilledAtChange, _) = await PerformAsync(
            action, "killed at the account change", account => new KillAtAccountChange(farm.Database, account.Id));
        Console.WriteLine(
            $"{action.Name,-34} {kills} kills at commands, {(wasKilledAtChange ? 1 : 0)} at the account change; "
            + $"without a kill: {lastReply}");
    }

    private async Task<(bool WasKilled, ActionReply Reply)> PerformAsync(
        AppAction action, string circumstances, Func<TestAccount, FaultInjector> injectorFor)
    {
        var wasKilled = false;
        var check = new ActionCheck(farm, report, action, circumstances);
        var reply = await check.RunAsync(injectorFor, WatchDuration, async faults =>
        {
            wasKilled = faults.HasKilled;
            if (!wasKilled || action.RunsAsCommand)
                return;
            // Commands that the proxy has forwarded must reach Redis before the restart closes the connections.
            await Wait.UntilAsync(() => farm.A.Proxy.HasNoConnections, "the proxy has forwarded all commands");
            farm.A.Restart();
            await Wait.UntilAsync(farm.A.IsReadyAsync, "the restarted node is ready");
            await farm.RemoveKilledNodesAsync();
        });
        if (!wasKilled && reply.Outcome == RevocationOutcome.Unknown)
            report.RecordNotApplied($"{action.Name} failed without a kill: {reply.Text}");
        return (wasKilled, reply);
    }
}
