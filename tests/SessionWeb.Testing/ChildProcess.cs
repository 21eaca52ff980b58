using System.Collections.Concurrent;
using System.Diagnostics;

namespace SessionWeb.Testing;

/// <summary>A child process and its output. It is killed when this process exits.</summary>
public sealed class ChildProcess : IDisposable
{
    // A process that runs for hours must not fill the memory.
    private const int MaxLines = 100_000;

    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(40);
    private static readonly ConcurrentDictionary<ChildProcess, bool> Running = new();

    private readonly ConcurrentQueue<string> _lines = [];
    private readonly ConcurrentQueue<string> _output = [];
    private readonly ConcurrentQueue<string> _error = [];
    private readonly Process _process;

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in Running.Keys)
            process.Dispose();
    };

    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables in addition to those of this process.</param>
    /// <param name="directory">The working directory; the root of the repository by default.</param>
    /// <param name="input">The text of its standard input.</param>
    public ChildProcess(
        string file, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null,
        string? directory = null, string input = "")
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = directory ?? Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Collect(line.Data, _output);
        _process.ErrorDataReceived += (_, line) => Collect(line.Data, _error);
        _process.Start();
        Running.TryAdd(this, true);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Write(input);
    }

    public int Id => _process.Id;

    /// <summary>The lines of standard output and standard error in the order of arrival.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public string Output => string.Join('\n', _lines);

    public string StandardOutput => string.Concat(_output.Select(line => line + "\n"));

    public string StandardError => string.Concat(_error.Select(line => line + "\n"));

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

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a .NET assembly.</summary>
    public static ChildProcess Dotnet(string assembly, params IEnumerable<string> arguments) =>
        new("dotnet", [assembly, .. arguments]);

    /// <summary>Waits until the process has exited and all its output is read.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan? timeout = null)
    {
        using var deadline = new CancellationTokenSource(timeout ?? Timeout.InfiniteTimeSpan);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException canceled)
        {
            throw new TimeoutException(
                $"{_process.StartInfo.FileName} did not exit within {timeout?.TotalSeconds} s:\n{Output}", canceled);
        }
        return _process.ExitCode;
    }

    /// <summary>Waits until the process has exited, without a deadline.</summary>
    public void WaitForExit() => _process.WaitForExit();

    /// <summary>Sends SIGTERM and waits for the exit.</summary>
    public async Task<int> StopAsync()
    {
        Terminate();
        return await WaitForExitAsync(StopDeadline);
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate()
    {
        if (!_process.HasExited)
            ProcessSignals.Terminate(_process.Id);
    }

    public void Suspend() => ProcessSignals.Suspend(_process.Id);

    public void Resume() => ProcessSignals.Resume(_process.Id);

    /// <summary>Sends SIGKILL and waits for the exit.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!Running.TryRemove(this, out _))
            return;
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private static TimeSpan CpuOf(int id)
    {
        using var process = Process.GetProcessById(id);
        return Directory.GetDirectories($"/proc/{id}/task")
            .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Aggregate(process.TotalProcessorTime, (sum, child) => sum + CpuOf(int.Parse(child)));
    }

    private void Write(string input)
    {
        try
        {
            _process.StandardInput.Write(input);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The process has exited already.
        }
    }

    private void Collect(string? line, ConcurrentQueue<string> stream)
    {
        if (line is null)
            return;
        Keep(line, stream);
        Keep(line, _lines);
    }

    private static void Keep(string line, ConcurrentQueue<string> lines)
    {
        lines.Enqueue(line);
        if (lines.Count > MaxLines)
            lines.TryDequeue(out _);
    }
}
