using SessionWeb.Checker.Actions;
using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Kills;

/// <summary>
/// Kills the process that performs an action, at every step of it. Afterwards nothing has happened, or all of it.
/// </summary>
internal static class KillSweep
{
    // Later commands mostly look for acknowledgements again and again: of those, every eighth more is enough.
    private const int Alike = 8;

    // No action sends that many commands; one that does never ends.
    private const int MostCommands = 200;

    private static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(500);

    /// <param name="chosen">Names of actions; none means all.</param>
    /// <param name="stride">How many commands further each kill comes; 1 leaves no step out.</param>
    public static async Task<bool> RunAsync(IReadOnlyCollection<string> chosen, int stride)
    {
        var verdicts = new Verdicts();
        using var scene = await AppScene.StartAsync(leaseSeconds: 1);
        foreach (var action in AppAction.All.Where(action => chosen.Count == 0 || chosen.Contains(action.Name)))
        {
            var kills = 0;
            var answered = "";
            foreach (var delivers in stride == 1 ? [false, true] : new[] { false })
                for (var at = 1; at <= MostCommands; at += Math.Max(stride, at / Alike))
                {
                    var how = $"killed {(delivers ? "after" : "before")} its command {at} to Redis";
                    var kill = new CommandKill(at, delivers);
                    var (killed, said) = await StepAsync(scene, verdicts, action, how, _ => kill);
                    if (!killed)
                    {
                        answered = $"{said.Outcome}: {said.Text}";
                        break;
                    }
                    kills++;
                }
            var (killedAtRow, _) = await StepAsync(
                scene, verdicts, action, "killed at the changed row",
                subject => new RowKill(scene.Accounts, subject.Id));
            var atRow = killedAtRow ? "1 kill" : "no kill";
            Console.WriteLine($"{action.Name,-34} {kills} kills at commands, {atRow} at the row; unharmed: {answered}");
        }
        verdicts.Print();
        Console.WriteLine(verdicts.AreGood ? "kills: ok" : "kills: FAILED");
        return verdicts.AreGood;
    }

    private static async Task<(bool Killed, Said Said)> StepAsync(
        AppScene scene, Verdicts verdicts, AppAction action, string how, Func<Subject, Interference> interference)
    {
        var killed = false;
        var said = await new ActionRun(scene, verdicts, action, how).RunAsync(interference, Watch, async interfering =>
        {
            if (!(killed = interfering.HasKilled) || action.IsCommand)
                return;
            // What the proxy has let through arrives before the connections are cut.
            await Task.Delay(50);
            scene.A.Restart();
            await Wait.ForAsync(scene.A.IsReadyAsync, "the restarted node is ready");
            await scene.ForgetKilledAsync();
        });
        if (!killed && said.Outcome == Outcome.Unknown)
            verdicts.NeverTookEffect($"{action.Name} failed though nothing was killed: {said.Text}");
        return (killed, said);
    }
}
