using SessionWeb.Checker.App;
using SessionWeb.Checker.Faults;

namespace SessionWeb.Checker.Actions;

/// <summary>Performs every action with and without faults, and signs in again right after it.</summary>
internal static class ActionSweep
{
    private static readonly TimeSpan Stop = TimeSpan.FromSeconds(2.5);

    // A lease, or a retry of what is pending, after the fault.
    private static readonly TimeSpan Watch = Stop + TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortWatch = TimeSpan.FromSeconds(1);

    /// <param name="chosen">Names of actions; none means all.</param>
    public static async Task<bool> RunAsync(IReadOnlyCollection<string> chosen)
    {
        var verdicts = new Verdicts();
        using var scene = await AppScene.StartAsync();
        if (chosen.Count == 0)
            await FlushChecks.NewFarmAsync(scene, verdicts);
        foreach (var action in AppAction.All.Where(action => chosen.Count == 0 || chosen.Contains(action.Name)))
        {
            var outcomes = new List<string>();
            foreach (var (name, watch, fault) in FaultsOf(scene))
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

    private static IEnumerable<(string Name, TimeSpan Watch, ActionFault Fault)> FaultsOf(AppScene scene)
    {
        yield return (FaultSchedule.Nothing, ShortWatch, new(() => { }, () => { }, TimeSpan.Zero, TimeSpan.Zero));
        yield return ("Redis stopped", Watch, new(scene.Redis.Freeze, scene.Redis.Thaw, TimeSpan.Zero, Stop));
        var meanwhile = TimeSpan.FromMilliseconds(Random.Shared.Next(20, 250));
        yield return ("Redis stopped meanwhile", Watch, new(scene.Redis.Freeze, scene.Redis.Thaw, meanwhile, Stop));
        var other = scene.B.Process;
        yield return ("another node stopped", ShortWatch, new(other.Freeze, other.Thaw, TimeSpan.Zero, null));
    }
}
