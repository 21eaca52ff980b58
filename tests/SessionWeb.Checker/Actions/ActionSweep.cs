using SessionWeb.Checker.App;
using SessionWeb.Checker.Faults;

namespace SessionWeb.Checker.Actions;

/// <summary>Performs every action with and without faults, and signs in again right after it.</summary>
internal static class ActionSweep
{
    // A lease, or a retry of what is pending, after the fault.
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortWatch = TimeSpan.FromSeconds(1);

    /// <param name="chosen">Names of actions; none means all.</param>
    public static async Task<bool> RunAsync(IReadOnlyCollection<string> chosen)
    {
        var verdicts = new Verdicts();
        using var scene = await AppScene.StartAsync(leaseSeconds: 2);
        if (chosen.Count == 0)
            await FlushChecks.NewFarmAsync(scene, verdicts);
        foreach (var action in AppAction.All.Where(action => chosen.Count == 0 || chosen.Contains(action.Name)))
        {
            var outcomes = new List<string>();
            foreach (var (name, watch, fault) in FaultsOf(scene, action))
            {
                var said = await new ActionRun(scene, verdicts, action, name).RunAsync(_ => fault, watch, async _ =>
                {
                    await fault.Over;
                    await Task.WhenAll(scene.Nodes.Select(node =>
                        verdicts.ReadyAsync($"node {node.Name} after \"{name}\"", node.IsReadyAsync)));
                });
                outcomes.Add($"{name}: {said.Outcome}");
                if (name == FaultSchedule.Nothing && said.Outcome != Outcome.Acknowledged)
                    verdicts.NeverTookEffect($"{action.Name} is not acknowledged though nothing fails: {said.Text}");
            }
            Console.WriteLine($"{action.Name,-34} {string.Join("; ", outcomes)}");
        }
        if (chosen.Count == 0)
            await FlushChecks.KeyRingAsync(scene, verdicts);
        verdicts.Print();
        Console.WriteLine(verdicts.AreGood ? "actions: ok" : "actions: FAILED");
        return verdicts.AreGood;
    }

    private static IEnumerable<(string Name, TimeSpan Watch, ActionFault Fault)> FaultsOf(
        AppScene scene, AppAction action)
    {
        yield return (FaultSchedule.Nothing, ShortWatch, new(() => { }, () => { }, TimeSpan.Zero, TimeSpan.Zero));
        // A command has to start first.
        var stop = TimeSpan.FromSeconds(action.IsCommand ? 6 : 2.5);
        var (least, most) = action.IsCommand ? (500, 2500) : (20, 250);
        var meanwhile = TimeSpan.FromMilliseconds(Random.Shared.Next(least, most));
        var redis = scene.Redis;
        yield return ("Redis stopped", stop + Retry, new(redis.Freeze, redis.Thaw, TimeSpan.Zero, stop));
        yield return ("Redis stopped meanwhile", meanwhile + stop + Retry, new(redis.Freeze, redis.Thaw, meanwhile, stop));
        var other = scene.B.Process;
        yield return ("another node stopped", ShortWatch, new(other.Freeze, other.Thaw, TimeSpan.Zero, null));
    }
}
