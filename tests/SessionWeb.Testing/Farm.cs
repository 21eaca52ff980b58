using System.Globalization;

namespace SessionWeb.Testing;

/// <summary>
/// ./farm.sh on ports and in a directory of its own: Redis, three nodes and nginx, all of them real. Parts are named
/// as farm.sh names them: <c>node-a</c>, <c>node-b</c>, …, <c>redis</c>, <c>nginx</c>.
/// </summary>
public class Farm : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sessionweb-farm-");
    private readonly Dictionary<string, string> _environment;
    private readonly Dictionary<string, Uri> _urls = [];
    private readonly List<ChildProcess> _startedAgain = [];
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
    };

    /// <summary>Where people enter: nginx.</summary>
    public Uri Url => _urls["farm"];

    /// <summary>With TLS: the plain address that only redirects.</summary>
    public Uri PlainUrl => new($"http://localhost:{_environment["FARM_HTTP_PORT"]}");

    public IReadOnlyDictionary<string, Uri> Nodes => _urls.Where(url => url.Key.StartsWith("node-", StringComparison.Ordinal)).ToDictionary();

    public int RedisPort => _urls["redis"].Port;

    public string DataDirectory => _directory.FullName;

    public string Output => _farm?.Output ?? "";

    /// <summary>Settings by their names, as in <c>Sessions:IdleTimeout</c>, for a farm not yet started.</summary>
    public void Set(string setting, string value) => _environment[setting.Replace(":", "__", StringComparison.Ordinal)] = value;

    public async ValueTask InitializeAsync()
    {
        var farm = _farm = new ChildProcess(Path.Combine(Repository.Root, "farm.sh"), ["3"], _environment);
        await Eventually.TrueAsync(() => farm.HasExited || farm.Lines.Any(line => line.StartsWith("farm ready ", StringComparison.Ordinal)),
            () => $"the farm is not ready:\n{Output}", TimeSpan.FromMinutes(3));
        if (farm.HasExited)
            throw new InvalidOperationException($"The farm ended while starting:\n{Output}");

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

    /// <summary>Ends a part at once, as a power cut would.</summary>
    public async Task KillAsync(string part)
    {
        using var process = System.Diagnostics.Process.GetProcessById(ProcessId(part));
        process.Kill();
        await GoneAsync(part);
    }

    /// <summary>Asks a part to stop and waits until it has.</summary>
    public async Task StopAsync(string part)
    {
        ProcessSignals.Terminate(ProcessId(part));
        await GoneAsync(part);
    }

    /// <summary>Keeps a part from doing anything until it is thawed: what it is asked meanwhile hangs.</summary>
    public void Freeze(string part) => ProcessSignals.Freeze(ProcessId(part));

    public void Thaw(string part) => ProcessSignals.Thaw(ProcessId(part));

    /// <summary>Starts a part that was killed or stopped, ready or not.</summary>
    public void Launch(string part) => _startedAgain.Add(new ChildProcess(PathOf(part, ".sh"), [], _environment));

    /// <summary>Starts a part that was killed or stopped, and waits until it is ready.</summary>
    public async Task StartAsync(string part)
    {
        Launch(part);
        await Eventually.TrueAsync(() => IsReadyAsync(part), () => $"{part} is not ready again:\n{Output}", TimeSpan.FromSeconds(60));
    }

    /// <summary>Stops all of it, as Ctrl+C does; its exit code.</summary>
    public async Task<int> StopAsync() => await _farm!.StopAsync();

    /// <summary>What still runs of this farm; nothing, once it has stopped.</summary>
    public IReadOnlyList<string> StillRunning() => RunningProcesses.About(_directory.FullName);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_farm is null)
            return;
        await StopAsync();
        var left = StillRunning();
        _startedAgain.ForEach(process => process.Dispose());
        _farm.Dispose();
        _directory.Delete(recursive: true);
        if (left.Count > 0)
            throw new InvalidOperationException($"The farm has stopped and left running:\n{string.Join('\n', left)}\n{Output}");
    }

    private Task<bool> IsReadyAsync(string part) => part switch
    {
        "redis" => Loopback.ConnectsAsync(RedisPort),
        "nginx" => Loopback.AnswersAsync(new Uri(Url, "/health/ready")),
        _ => Loopback.AnswersAsync(new Uri(_urls[part], "/health/ready")),
    };

    private Task GoneAsync(string part)
    {
        var id = ProcessId(part);
        return Eventually.TrueAsync(() => !RunningProcesses.Exists(id), () => $"{part} still runs:\n{Output}", TimeSpan.FromSeconds(40));
    }

    /// <summary>Runs the app's command line on this farm; what it said, if it went well.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        using var command = new ChildProcess(Path.Combine(_directory.FullName, "sessionweb.sh"), arguments, _environment);
        return await command.ExitAsync(TimeSpan.FromSeconds(30)) == 0
            ? command.Output
            : throw new InvalidOperationException($"sessionweb.sh {string.Join(' ', arguments)}:\n{command.Output}");
    }

    public int ProcessId(string part) => int.Parse(File.ReadAllText(PathOf(part, ".pid")), CultureInfo.InvariantCulture);

    private string PathOf(string part, string extension) =>
        Path.Combine(_directory.FullName, part.StartsWith("node-", StringComparison.Ordinal) ? "nodes" : "", part + extension);
}

/// <summary>The same in Production over https, with a certificate made on the spot.</summary>
public class TlsFarm() : Farm(tls: true);
