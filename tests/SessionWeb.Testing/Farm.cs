using System.Globalization;

namespace SessionWeb.Testing;

/// <summary>
/// Runs ./farm.sh on free ports and in a temporary directory: Redis, three nodes and nginx. Parts have the names of
/// farm.sh: <c>node-a</c>, <c>node-b</c>, …, <c>redis</c>, <c>nginx</c>.
/// </summary>
public class Farm : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sessionweb-farm-");
    private readonly Dictionary<string, string> _environment;
    private readonly Dictionary<string, Uri> _urls = [];
    private readonly List<ChildProcess> _restarted = [];
    private ChildProcess? _farm;

    public Farm() : this(tls: false)
    {
    }

    protected Farm(bool tls) => _environment = new()
    {
        ["FARM_DIR"] = _directory.FullName,
        ["FARM_PORT"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
        ["FARM_HTTP_PORT"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
        ["FARM_TLS"] = tls ? "1" : "",
        // The farm with TLS builds the app as for a user; the others start faster.
        ["FARM_APP"] = tls ? "" : Repository.PublishedApp ?? "",
    };

    /// <summary>The address of nginx.</summary>
    public Uri Url => _urls["farm"];

    /// <summary>The http address of a farm with TLS. It redirects to https.</summary>
    public Uri PlainUrl => new($"http://localhost:{_environment["FARM_HTTP_PORT"]}");

    public IReadOnlyDictionary<string, Uri> Nodes =>
        _urls.Where(url => url.Key.StartsWith("node-", StringComparison.Ordinal)).ToDictionary();

    public int RedisPort => _urls["redis"].Port;

    public string DataDirectory => _directory.FullName;

    public string Output => _farm?.Output ?? "";

    /// <summary>Sets a setting such as <c>Sessions:IdleTimeout</c> before the farm starts.</summary>
    public void Set(string setting, string value) =>
        _environment[setting.Replace(":", "__", StringComparison.Ordinal)] = value;

    public async ValueTask InitializeAsync()
    {
        var farm = _farm = new ChildProcess(Path.Combine(Repository.Root, "farm.sh"), ["3"], _environment);
        await Wait.UntilAsync(
            () => farm.HasExited || farm.Lines.Any(line => line.StartsWith("farm ready ", StringComparison.Ordinal)),
            () => $"the farm is ready:\n{Output}", TimeSpan.FromMinutes(3));
        if (farm.HasExited)
            throw new InvalidOperationException($"The farm exited during startup:\n{Output}");

        foreach (var line in farm.Lines.Select(line => line.Split(' ')))
        {
            if (line is ["node", var node, var nodeUrl])
                _urls[node] = new Uri(nodeUrl);
            else if (line is ["redis", var redisUrl])
                _urls["redis"] = new Uri(redisUrl);
            else if (line is ["farm", "ready", var url])
                _urls["farm"] = new Uri(url);
        }
    }

    /// <summary>Kills a part and waits for its exit.</summary>
    public async Task KillAsync(string part)
    {
        using var process = System.Diagnostics.Process.GetProcessById(ProcessId(part));
        process.Kill();
        await WaitForExitAsync(part);
    }

    /// <summary>Stops a part gracefully and waits for its exit.</summary>
    public async Task StopAsync(string part)
    {
        ProcessSignals.Terminate(ProcessId(part));
        await WaitForExitAsync(part);
    }

    /// <summary>Suspends a part. Its requests receive no response until it is resumed.</summary>
    public void Suspend(string part) => ProcessSignals.Suspend(ProcessId(part));

    public void Resume(string part) => ProcessSignals.Resume(ProcessId(part));

    /// <summary>Restarts a part that was killed or stopped, and does not wait.</summary>
    public void Launch(string part) => _restarted.Add(new ChildProcess(PathOf(part, ".sh"), [], _environment));

    /// <summary>Restarts a part that was killed or stopped, and waits until it is ready.</summary>
    public async Task StartAsync(string part)
    {
        Launch(part);
        await Wait.UntilAsync(() => IsReadyAsync(part), () => $"{part} is ready:\n{Output}", TimeSpan.FromSeconds(60));
    }

    /// <summary>Stops the farm as Ctrl+C does.</summary>
    /// <returns>The exit code of farm.sh.</returns>
    public async Task<int> StopAsync() => await _farm!.StopAsync();

    /// <summary>The processes of this farm that are still running.</summary>
    public IReadOnlyList<string> FindRemainingProcesses() => RunningProcesses.ReferringTo(_directory.FullName);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_farm is null)
            return;
        await StopAsync();
        var remaining = FindRemainingProcesses();
        _restarted.ForEach(process => process.Dispose());
        _farm.Dispose();
        _directory.Delete(recursive: true);
        if (remaining.Count > 0)
        {
            throw new InvalidOperationException(
                $"Processes still run after the farm stopped:\n{string.Join('\n', remaining)}\n{Output}");
        }
    }

    private Task<bool> IsReadyAsync(string part) => part switch
    {
        "redis" => Loopback.IsListeningAsync(RedisPort),
        "nginx" => Loopback.RespondsAsync(new Uri(Url, "/health/ready")),
        _ => Loopback.RespondsAsync(new Uri(_urls[part], "/health/ready")),
    };

    private Task WaitForExitAsync(string part)
    {
        var id = ProcessId(part);
        return Wait.UntilAsync(
            () => !RunningProcesses.Exists(id), () => $"{part} exits:\n{Output}", TimeSpan.FromSeconds(40));
    }

    /// <summary>Runs a command of the app on this farm.</summary>
    /// <returns>Its output.</returns>
    /// <exception cref="InvalidOperationException">The exit code is not 0.</exception>
    public async Task<string> RunAsync(params string[] arguments)
    {
        using var command = new ChildProcess(
            Path.Combine(_directory.FullName, "sessionweb.sh"), arguments, _environment);
        return await command.WaitForExitAsync(TimeSpan.FromSeconds(30)) == 0
            ? command.Output
            : throw new InvalidOperationException($"sessionweb.sh {string.Join(' ', arguments)}:\n{command.Output}");
    }

    public int ProcessId(string part) =>
        int.Parse(File.ReadAllText(PathOf(part, ".pid")), CultureInfo.InvariantCulture);

    private string PathOf(string part, string extension) =>
        Path.Combine(
            _directory.FullName, part.StartsWith("node-", StringComparison.Ordinal) ? "nodes" : "", part + extension);
}

/// <summary>A farm in Production over https, with a self-signed certificate.</summary>
public class TlsFarm() : Farm(tls: true);
