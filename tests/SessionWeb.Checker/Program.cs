using SessionWeb.Checker;
using SessionWeb.Checker.Actions;
using SessionWeb.Checker.Gate;
using SessionWeb.Checker.Kills;

// The checker of the guarantee: no node accepts a request that starts after the revocation of its session was acknowledged.
switch (args)
{
    case ["node", .. var settings]:
        await CheckedNode.RunAsync(settings);
        return 0;
    case ["gate", .. var mutants]:
        return await GateCommand.RunAsync(mutants) ? 0 : 1;
    case ["actions", .. var actions]:
        return await ActionSweep.RunAsync(actions) ? 0 : 1;
    case ["kills", "--stride", var every, .. var actions] when int.TryParse(every, out var stride) && stride > 0:
        return await KillSweep.RunAsync(actions, stride) ? 0 : 1;
    case ["kills", .. var actions]:
        return await KillSweep.RunAsync(actions, stride: 1) ? 0 : 1;
    case ["torture", var minutes] when double.TryParse(minutes, out var length) && length > 0:
        return await Torture.RunAsync(TimeSpan.FromMinutes(length)) ? 0 : 1;
    default:
        Console.Error.WriteLine("""
            gate [RULE...]     removes one rule of the protocol at a time: an attack must succeed then, and only then
            actions [ACTION...]
                               performs every action of the app, with and without faults
            kills [--stride N] [ACTION...]
                               kills the process that performs an action at every step of it, or at every N-th
            torture MINUTES    requests and revocations at random, under faults at random, for so long
            """);
        return 1;
}
