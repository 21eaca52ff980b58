using SessionWeb.Checker.App;
using SessionWeb.Testing.Proxying;

namespace SessionWeb.Checker.Kills;

/// <summary>Kills the process at the nth command that it sends to Redis after the action has started.</summary>
internal sealed class KillAtCommand(int commandNumber, bool forwardsCommand) : FaultInjector
{
    private RedisProxy? _proxy;
    private KillTrigger? _trigger;

    public override bool HasKilled => _trigger is { HasKilled: true };

    public override void OnStarting(RedisProxy proxy, Action kill) =>
        (_proxy = proxy).KillTrigger = _trigger = new(commandNumber, forwardsCommand, kill);

    public override void OnAnswered()
    {
        // After a kill, the trigger blocks the remaining commands until the node restarts.
        if (_proxy is not null && !HasKilled)
            _proxy.KillTrigger = null;
        base.OnAnswered();
    }
}
