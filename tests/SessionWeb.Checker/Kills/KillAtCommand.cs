using SessionWeb.Checker.App;
using SessionWeb.Testing.Proxying;

namespace SessionWeb.Checker.Kills;

/// <summary>Kills the process at the nth command that it sends to Redis after the action has started.</summary>
internal sealed class KillAtCommand(int commandNumber, bool forwardsCommand) : FaultInjector
{
    private RedisProxy? _proxy;
    private CommandTrigger? _trigger;

    public override bool HasKilled => _trigger is { HasActed: true };

    public override void OnStarting(RedisProxy proxy, Action kill) =>
        (_proxy = proxy).Trigger = _trigger = new(commandNumber, kill)
        {
            ForwardsCommand = forwardsCommand,
            BlocksLaterCommands = true,
        };

    public override void OnAnswered()
    {
        // After a kill, the trigger blocks the remaining commands until the node restarts.
        if (_proxy is not null && !HasKilled)
            _proxy.Trigger = null;
        base.OnAnswered();
    }
}
