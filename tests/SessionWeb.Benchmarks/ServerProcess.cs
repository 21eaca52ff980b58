using System.Collections.Concurrent;
using System.Diagnostics;

namespace SessionWeb.Benchmarks;

/// <summary>A server in a separate process, with a temporary directory that is deleted when the server stops.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<ServerProcess, bool> Running = new();

    private readonly DirectoryInfo _data;
    private readonly Process _process;

    // When the benchmark is stopped, its servers stop, too.
    static ServerProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var server in Running.Keys)
            server.Stop();
    };

    private ServerProcess(DirectoryInfo data, Process process)
    {
        (_data, _process) = (data, process);
        Running.TryAdd(this, true);
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
    }

    /// <summary>The directory of the server.</summary>
    public string Data => _data.FullName;

    /// <summary>The CPU time of the process and its child processes.</summary>
    public TimeSpan Cpu => CpuOf(_process.Id);

    /// <summary>The resident memory.</summary>
    public double Megabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    /// <param name="command">Creates the start command, given the directory.</param>
    /// <param name="isReadyAsync">Checks whether the server is ready; may throw while it is not.</param>
    public static async Task<ServerProcess> StartAsync(
        Func<string, ProcessStartInfo> command, Func<Task<bool>> isReadyAsync)
    {
        var data = Directory.CreateTempSubdirectory("sessionweb-bench-");
        var start = command(data.FullName);
        start.RedirectStandardOutput = true;
        var server = new ServerProcess(data, Process.Start(start)!);
        for (var since = Stopwatch.GetTimestamp(); ; await Task.Delay(100))
        {
            Exception? failure = null;
            try
            {
                if (await isReadyAsync())
                    return server;
            }
            catch (Exception e)
            {
                failure = e;
            }
            if (server._process.HasExited || Stopwatch.GetElapsedTime(since) > TimeSpan.FromMinutes(1))
            {
                await server.DisposeAsync();
                throw new InvalidOperationException(
                    $"{start.FileName} {string.Join(' ', start.ArgumentList)} did not start.", failure);
            }
        }
    }

    public void Freeze() => ProcessSignals.Freeze(_process.Id);

    public void Thaw() => ProcessSignals.Thaw(_process.Id);

    public ValueTask DisposeAsync()
    {
        if (Running.TryRemove(this, out _))
            Stop();
        return ValueTask.CompletedTask;
    }

    private void Stop()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _data.Delete(recursive: true);
    }

    private static TimeSpan CpuOf(int id)
    {
        using var process = Process.GetProcessById(id);
        return Directory.GetDirectories($"/proc/{id}/task")
            .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Aggregate(process.TotalProcessorTime, (sum, child) => sum + CpuOf(int.Parse(child)));
    }
}
