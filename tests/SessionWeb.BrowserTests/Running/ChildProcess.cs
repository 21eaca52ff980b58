using System.Collections.Concurrent;
using System.Diagnostics;

namespace SessionWeb.BrowserTests.Running;

/// <summary>A program started from the repository's root, with all that it says.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(40);

    private readonly ConcurrentQueue<string> _lines = [];
    private readonly Process _process;

    public ChildProcess(string file, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Collect;
        _process.ErrorDataReceived += Collect;
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public IReadOnlyCollection<string> Lines => _lines;
    public string Output => string.Join('\n', _lines);
    public bool HasExited => _process.HasExited;

    /// <summary>Waits until the program has ended by itself; its exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} still runs after {within.TotalSeconds} s:\n{Output}");
        }
        return _process.ExitCode;
    }

    /// <summary>Asks the program to stop and waits until it has.</summary>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
            ProcessSignals.Terminate(_process.Id);
        return await ExitAsync(LongestStop);
    }

    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private void Collect(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is not null)
            _lines.Enqueue(e.Data);
    }
}
