using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Kills;

/// <summary>Kills the process as soon as the account's row has changed.</summary>
internal sealed class RowKill(AccountsFile accounts, string accountId) : Interference
{
    private Thread? _looking;
    private volatile bool _hasKilled;
    private volatile bool _isOver;

    public override bool HasKilled => _hasKilled;

    public override void Begin(Proxy proxy, Action kill)
    {
        var before = accounts.StateOf(accountId);
        _looking = new(() =>
        {
            while (!_isOver && accounts.StateOf(accountId) == before)
                Thread.Sleep(0);
            if (_isOver)
                return;
            _hasKilled = true;
            kill();
        });
        _looking.Start();
    }

    public override void End()
    {
        _isOver = true;
        _looking?.Join();
        base.End();
    }
}
