using SessionWeb.Checker.Actions;
using SessionWeb.Checker.Gate;
using SessionWeb.Checker.Kills;
using SessionWeb.Checker.Library;
using SessionWeb.Checker.Torture;

// Verifies the guarantee: no node accepts a request that starts after the revocation of its session was acknowledged.
switch (args)
{
    case ["node", .. var settings]:
        await LibraryNodeApp.RunAsync(settings);
        return 0;
    case ["gate", .. var mutants]:
        return await GateCommand.RunAsync(mutants) ? 0 : 1;
    case ["actions", .. var actions]:
        return await ActionsCommand.RunAsync(actions) ? 0 : 1;
    case ["kills", "--stride", var text, .. var actions] when int.TryParse(text, out var stride) && stride > 0:
        return await KillsCommand.RunAsync(actions, stride) ? 0 : 1;
    case ["kills", .. var actions]:
        return await KillsCommand.RunAsync(actions, stride: 1) ? 0 : 1;
    case ["torture", var text] when double.TryParse(text, out var minutes) && minutes > 0:
        return await TortureCommand.RunAsync(TimeSpan.FromMinutes(minutes)) ? 0 : 1;
    default:
        Console.Error.WriteLine("""
            gate [MUTANT...]   attacks the library and one mutant per protocol rule: only the mutants must fail
            actions [ACTION...]
                               performs each action of the app with and without faults
            kills [--stride N] [ACTION...]
                               kills the process that performs an action, at each step or at each Nth step
            torture MINUTES    sends random requests and revocations under random faults
            """);
        return 1;
}
