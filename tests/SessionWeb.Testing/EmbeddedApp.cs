namespace SessionWeb.Testing;

/// <summary>The app as a new user runs it: Development, demo accounts, sessions and accounts in one SQLite file.</summary>
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

    /// <summary>Settings by their names, for the next start.</summary>
    public IDictionary<string, string> Settings => _process.Settings;

    public virtual async ValueTask InitializeAsync() => await StartAsync();

    public Task StartAsync() => _process.StartAsync();

    public Task StopAsync() => _process.StopAsync();

    /// <summary>Stops the app and starts it again at the same address.</summary>
    public Task RestartAsync() => _process.RestartAsync();

    public Visitor NewVisitor() => new(Url);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _process.DisposeAsync();
        _data.Dispose();
    }
}
