namespace SessionWeb.Testing;

/// <summary>The app in Development: demo accounts, with sessions and accounts in one SQLite file.</summary>
public class EmbeddedApp : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private readonly AppProcess _process;

    public EmbeddedApp()
    {
        _process = new(_data.FullPath);
        Database = new(_data.FullPath);
    }

    public Uri Url => _process.Url;

    public AccountsDatabase Database { get; }

    public string Output => _process.Output;

    public IReadOnlyCollection<string> Log => _process.Log;

    /// <summary>Settings by name, for the next start.</summary>
    public IDictionary<string, string> Settings => _process.Settings;

    public virtual async ValueTask InitializeAsync() => await StartAsync();

    public Task StartAsync() => _process.StartAsync();

    public Task StopAsync() => _process.StopAsync();

    /// <summary>Stops the app and restarts it at the same address.</summary>
    public Task RestartAsync() => _process.RestartAsync();

    public Visitor NewVisitor() => new(Url);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _process.DisposeAsync();
        _data.Dispose();
    }
}
