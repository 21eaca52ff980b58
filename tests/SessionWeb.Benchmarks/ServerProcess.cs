namespace SessionWeb.Benchmarks;

/// <summary>A server in a separate process, with a temporary directory that is deleted when the server stops.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);

    private readonly TemporaryDirectory _data = new();
    private readonly ChildProcess _process;

    private ServerProcess(Func<string, ChildProcess> start) => _process = start(Data);

    /// <summary>The directory of the server.</summary>
    public string Data => _data.FullPath;

    /// <summary>The CPU time of the process and its child processes.</summary>
    public TimeSpan Cpu => _process.Cpu;

    /// <summary>The resident memory.</summary>
    public double Megabytes => _process.Megabytes;

    /// <param name="start">Starts the process, given the directory.</param>
    /// <param name="isReadyAsync">Checks whether the server is ready; may throw while it is not.</param>
    public static async Task<ServerProcess> StartAsync(Func<string, ChildProcess> start, Func<Task<bool>> isReadyAsync)
    {
        var server = new ServerProcess(start);
        var isReady = await Wait.IsTrueWithinAsync(
            StartTimeout, async () => server._process.HasExited || await isReadyAsync());
        if (isReady && !server._process.HasExited)
            return server;
        var output = server._process.Output;
        await server.DisposeAsync();
        throw new InvalidOperationException($"A server did not start:\n{output}");
    }

    public void Suspend() => _process.Suspend();

    public void Resume() => _process.Resume();

    public ValueTask DisposeAsync()
    {
        _process.Dispose();
        _data.Dispose();
        return ValueTask.CompletedTask;
    }
}
