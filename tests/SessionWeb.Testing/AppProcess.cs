namespace SessionWeb.Testing;

/// <summary>The app as a process. It can be stopped, killed and restarted at the same address.</summary>
public sealed class AppProcess : IAsyncDisposable
{
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);

    private readonly string _dataDirectory;
    private readonly string _environment;
    private readonly IReadOnlyList<string> _arguments;
    private ChildProcess? _process;

    /// <param name="dataDirectory">The app's data directory.</param>
    /// <param name="environment">Development or Production.</param>
    /// <param name="arguments">More arguments, such as <c>--Sessions:Lease=00:00:03</c>.</param>
    public AppProcess(
        string dataDirectory, string environment = "Development", params IReadOnlyList<string> arguments) =>
        (_dataDirectory, _environment, _arguments) = (dataDirectory, environment, arguments);

    public Uri Url { get; } = new($"http://localhost:{FreePort.Next()}");

    /// <summary>Settings by name, for the next start.</summary>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    public int Id => _process!.Id;

    public IReadOnlyCollection<string> Log => _process?.Lines ?? [];

    public string Output => _process?.Output ?? "";

    /// <summary>Starts the app and waits until it responds.</summary>
    public static async Task<AppProcess> StartAsync(
        string dataDirectory, string environment, params IReadOnlyList<string> arguments)
    {
        var app = new AppProcess(dataDirectory, environment, arguments);
        try
        {
            await app.StartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the app with these arguments until it exits.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(
        string directory, string input, params IEnumerable<string> arguments)
    {
        using var process = new ChildProcess(
            "dotnet", [Repository.App, .. arguments], directory: directory, input: input);
        var code = await process.WaitForExitAsync(CommandDeadline);
        return (code, process.StandardOutput, process.StandardError);
    }

    /// <summary>Starts the app and waits until a page responds with success.</summary>
    public async Task StartAsync(string page = "/health/live")
    {
        Launch();
        var process = _process!;
        await Wait.UntilAsync(
            async () => process.HasExited || await Loopback.RespondsAsync(new Uri(Url, page)),
            () => $"the app responds at {Url}:\n{Output}", StartDeadline);
        if (process.HasExited)
            throw new InvalidOperationException($"The app exited during startup:\n{Output}");
    }

    /// <summary>Starts the app and does not wait.</summary>
    public void Launch()
    {
        _process?.Dispose();
        _process = ChildProcess.Dotnet(Repository.App, [
            $"--environment={_environment}", $"--DataDirectory={_dataDirectory}", "--Accounts:BcryptCost=10",
            $"--urls={Url.GetLeftPart(UriPartial.Authority)}", .. _arguments,
            .. Settings.Select(setting => $"--{setting.Key}={setting.Value}")]);
    }

    public Visitor NewVisitor() => new(Url);

    /// <summary>Stops the app gracefully.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync() => await _process!.StopAsync();

    public Task<int> WaitForExitAsync() => _process!.WaitForExitAsync(CommandDeadline);

    public void Terminate() => _process!.Terminate();

    public void Kill() => _process!.Kill();

    /// <summary>Stops the app and restarts it at the same address.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        return ValueTask.CompletedTask;
    }
}
