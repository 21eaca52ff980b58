using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>Performs each action with and without faults.</summary>
internal sealed class ActionsCommand(AppFarm farm, CheckReport report)
{
    private const string NoFault = "none";

    // A lease or a retry of a pending revocation, after the fault.
    private static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortWatch = TimeSpan.FromSeconds(1);

    /// <param name="chosen">The names of actions; empty for all.</param>
    public static async Task<bool> RunAsync(IReadOnlyCollection<string> chosen)
    {
        var report = new CheckReport();
        using var farm = await AppFarm.StartAsync(leaseSeconds: 2);
        var command = new ActionsCommand(farm, report);
        if (chosen.Count == 0)
            await DataLossChecks.CheckSessionLossAsync(farm, report);
        foreach (var action in AppAction.All.Where(action => chosen.Count == 0 || chosen.Contains(action.Name)))
            await command.CheckAsync(action);
        if (chosen.Count == 0)
            await DataLossChecks.CheckKeyRingRecoveryAsync(farm, report);
        report.Print();
        Console.WriteLine(report.HasPassed ? "actions: ok" : "actions: FAILED");
        return report.HasPassed;
    }

    private async Task CheckAsync(AppAction action)
    {
        var outcomes = new List<string>();
        foreach (var (name, watchDuration, fault) in FaultsFor(action))
        {
            var reply = await new ActionCheck(farm, report, action, name).RunAsync(_ => fault, watchDuration, async _ =>
            {
                await fault.Ended;
                await Task.WhenAll(farm.Nodes.Select(node =>
                    report.WaitForReadyAsync($"node {node.Name} after \"{name}\"", node.IsReadyAsync)));
            });
            outcomes.Add($"{name}: {reply.Outcome}");
            if (name == NoFault && reply.Outcome != RevocationOutcome.Acknowledged)
                report.RecordNotApplied($"{action.Name} is not acknowledged without a fault: {reply.Text}");
        }
        Console.WriteLine($"{action.Name,-34} {string.Join("; ", outcomes)}");
    }

    private IEnumerable<(string Name, TimeSpan WatchDuration, TimedFault Fault)> FaultsFor(AppAction action)
    {
        yield return (NoFault, ShortWatch, new(() => { }, () => { }, TimeSpan.Zero, TimeSpan.Zero));

        // A command-line process takes longer to start.
        var suspended = TimeSpan.FromSeconds(action.RunsAsCommand ? 6 : 2.5);
        var (minDelayMs, maxDelayMs) = action.RunsAsCommand ? (500, 2500) : (20, 250);
        var delay = TimeSpan.FromMilliseconds(Random.Shared.Next(minDelayMs, maxDelayMs));
        var redis = farm.Redis;
        yield return ("Redis suspended before", suspended + RetryTime,
            new(redis.Suspend, redis.Resume, TimeSpan.Zero, suspended));
        yield return ("Redis suspended during", delay + suspended + RetryTime,
            new(redis.Suspend, redis.Resume, delay, suspended));

        var other = farm.B.Process;
        yield return ("other node suspended", ShortWatch, new(other.Suspend, other.Resume, TimeSpan.Zero, null));
    }
}
