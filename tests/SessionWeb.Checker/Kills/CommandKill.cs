using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Kills;

/// <summary>Kills the process at the n-th command that it sends to Redis after the action began.</summary>
internal sealed class CommandKill(int at, bool delivers) : Interference
{
    private Proxy? _proxy;
    private CommandTrap? _trap;

    public override bool HasKilled => _trap is { HasFired: true };

    public override void Begin(Proxy proxy, Action kill) => (_proxy = proxy).Trap = _trap = new(at, delivers, kill);

    public override void End()
    {
        // A trap that has fired stays until the node is restarted: what is still in flight must not reach Redis.
        if (_proxy is not null && !HasKilled)
            _proxy.Trap = null;
        base.End();
    }
}
