using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>Performs each action with and without faults.</summary>
internal sealed class ActionsCommand(AppFarm farm, CheckReport report)
{
    private const string NoFault = "none";

    private const int LeaseSeconds = 2;

    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(LeaseSeconds);

    // A lease or a retry of a pending revocation, after the fault.
    private static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortWatch = TimeSpan.FromSeconds(1);

    /// <param name="chosen">The names of actions; empty for all.</param>
    public static async Task<bool> RunAsync(IReadOnlyCollection<string> chosen)
    {
        var actions = AppAction.Named(chosen);
        var report = new CheckReport();
        using var farm = await AppFarm.StartAsync(LeaseSeconds);
        var command = new ActionsCommand(farm, report);
        if (chosen.Count == 0)
            await DataLossChecks.CheckSessionLossAsync(farm, report);
        foreach (var action in actions)
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
            await farm.PrepareEndOfLeasesAsync();
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

    private IEnumerable<(string Name, TimeSpan WatchDuration, FaultInjector Fault)> FaultsFor(AppAction action)
    {
        yield return (NoFault, ShortWatch, new());

        // A command-line process also sends commands while it starts.
        var during = Random.Shared.Next(1, action.RunsAsCommand ? 30 : 6);
        yield return ("Redis suspended before", LeaseTime + RetryTime, SuspendedRedis(null));
        yield return ($"Redis suspended at command {during}", LeaseTime + RetryTime, SuspendedRedis(during));

        var other = farm.B.Process;
        yield return ("other node suspended", ShortWatch, new Suspension(other.Suspend, other.Resume));

        // Longer than any lease, so that every node must catch up before it answers again.
        Suspension SuspendedRedis(int? atCommand) => new(farm.Redis.Suspend, farm.Redis.Resume)
        {
            AtCommand = atCommand,
            LastsUntil = farm.WaitForEndOfLeasesAsync,
        };
    }
}
