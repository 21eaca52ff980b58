using SessionWeb.Checker.App;
using SessionWeb.Checker.Faults;

namespace SessionWeb.Checker.Actions;

/// <summary>Performs every action without a fault and under each of some faults, and signs in again right after it.</summary>
internal static class ActionSweep
{
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Longer = TimeSpan.FromSeconds(2.5);

    /// <param name="chosen">Names of actions; none means all.</param>
    public static async Task<bool> RunAsync(IReadOnlyCollection<string> chosen)
    {
        var verdicts = new Verdicts();
        using var scene = await AppScene.StartAsync();
        foreach (var action in AppAction.All.Where(action => chosen.Count == 0 || chosen.Contains(action.Name)))
        {
            var outcomes = new List<string>();
            foreach (var (name, fault) in FaultsOf(scene))
            {
                var said = await new ActionRun(scene, verdicts, action, name).RunAsync(_ => fault, Watch, async _ =>
                {
                    await fault.Over;
                    await Task.WhenAll(scene.Nodes.Select(node => verdicts.ReadyAsync($"node {node.Name} after \"{name}\"", node.IsReadyAsync)));
                });
                outcomes.Add($"{name}: {said.Outcome}");
                if (name == FaultSchedule.Nothing && said.Outcome != Outcome.Acknowledged)
                    verdicts.NeverTookEffect($"{action.Name} is not acknowledged though nothing fails: {said.Text}");
            }
            Console.WriteLine($"{action.Name,-34} {string.Join("; ", outcomes)}");
        }
        verdicts.Print();
        Console.WriteLine(verdicts.AreGood ? "actions: ok" : "actions: FAILED");
        return verdicts.AreGood;
    }

    private static IEnumerable<(string Name, ActionFault Fault)> FaultsOf(AppScene scene)
    {
        yield return (FaultSchedule.Nothing, new(() => { }, () => { }, TimeSpan.Zero, TimeSpan.Zero));
        yield return ("Redis stopped", new(scene.Redis.Freeze, scene.Redis.Thaw, TimeSpan.Zero, Longer));
        yield return ("Redis stopped meanwhile", new(scene.Redis.Freeze, scene.Redis.Thaw, TimeSpan.FromMilliseconds(Random.Shared.Next(20, 250)), Longer));
        yield return ("another node stopped", new(scene.B.Process.Freeze, scene.B.Process.Thaw, TimeSpan.Zero, null));
    }
}
