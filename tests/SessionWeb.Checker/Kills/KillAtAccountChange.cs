using SessionWeb.Checker.App;
using SessionWeb.Testing.Proxying;

namespace SessionWeb.Checker.Kills;

/// <summary>Kills the process as soon as the account's row has changed.</summary>
internal sealed class KillAtAccountChange(NodeDatabase database, string accountId) : FaultInjector
{
    private Thread? _polling;
    private volatile bool _hasKilled;
    private volatile bool _isAnswered;

    public override bool HasKilled => _hasKilled;

    public override void OnStarting(RedisProxy proxy, Action kill)
    {
        var before = database.StateOf(accountId);
        _polling = new(() =>
        {
            while (!_isAnswered && database.StateOf(accountId) == before)
                Thread.Sleep(0);
            if (_isAnswered)
                return;
            _hasKilled = true;
            kill();
        });
        _polling.Start();
    }

    public override void OnAnswered()
    {
        _isAnswered = true;
        _polling?.Join();
        base.OnAnswered();
    }
}
