namespace SessionWeb.BrowserTests.Running;

/// <summary>
/// The app as a new user runs it: Development, demo accounts, everything in one SQLite file, in a process of its own.
/// A test that wants other settings makes its own, sets <see cref="Settings"/> and calls <see cref="StartAsync"/>.
/// </summary>
public sealed class EmbeddedApp : IAsyncLifetime
{
    private const int SpareAccounts = 12;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("sessionweb-embedded-");
    private readonly Queue<DemoAccount> _spare = [];
    private ChildProcess? _process;

    public Uri Url { get; } = new($"http://localhost:{FreePort.Next()}");

    /// <summary>Settings by their names, as in <c>Sessions:IdleTimeout</c>.</summary>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    public string Output => _process?.Output ?? "";

    private IEnumerable<KeyValuePair<string, string>> Environment =>
        Settings.Prepend(new("ASPNETCORE_ENVIRONMENT", "Development")).Append(new("DataDirectory", _data.FullName))
            .Select(setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value));

    /// <summary>Starts the app with accounts to spare, for tests that share it.</summary>
    public async ValueTask InitializeAsync()
    {
        // After the three demo accounts that are there already.
        foreach (var number in Enumerable.Range(3, SpareAccounts))
        {
            var account = new DemoAccount($"person-{number}", "five plain words of mine");
            Settings[$"Demo:Accounts:{number}:UserName"] = account.UserName;
            Settings[$"Demo:Accounts:{number}:Password"] = account.Password;
            _spare.Enqueue(account);
        }
        await StartAsync();
    }

    public async Task StartAsync()
    {
        _process?.Dispose();
        var process = _process = new ChildProcess("dotnet", [Repository.App, "--urls", Url.GetLeftPart(UriPartial.Authority)], Environment);

        await Eventually.HoldsAsync(
            async () => process.HasExited || await Loopback.AnswersAsync(new Uri(Url, "/health/live")),
            () => $"the app does not answer at {Url}:\n{Output}", TimeSpan.FromSeconds(60));
        if (process.HasExited)
            throw new InvalidOperationException($"The app ended while starting:\n{Output}");
    }

    /// <summary>An account that no other test uses.</summary>
    public DemoAccount TakeAccount() => _spare.Dequeue();

    public async Task StopAsync() => await _process!.StopAsync();

    /// <summary>Stops the app as an administrator would and starts it again at the same place.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.StopAsync();
        _process?.Dispose();
        _data.Delete(recursive: true);
    }
}
