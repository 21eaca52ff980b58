using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SessionWeb.Checker;

/// <summary>A child process that can be suspended, resumed and killed. It is killed when the checker exits.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly ConcurrentDictionary<Process, bool> Running = new();

    private readonly ConcurrentQueue<string> _output = [];
    private readonly Process _process;

    static ServerProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in Running.Keys)
            try
            {
                process.Kill();
            }
            catch (InvalidOperationException)
            {
                // Disposed at the same time. The other processes must still be killed.
            }
    };

    public ServerProcess(string file, params string[] arguments)
        : this(file, [], arguments)
    {
    }

    public ServerProcess(string file, Dictionary<string, string?> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        Running.TryAdd(_process, true);
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        // Read and dropped: a full pipe would block the process.
        _process.BeginErrorReadLine();
    }

    /// <summary>The lines of standard output so far.</summary>
    public IEnumerable<string> Output => _output;

    public int ExitCode => _process.ExitCode;

    /// <summary>The complete standard input.</summary>
    public string Input
    {
        init
        {
            try
            {
                _process.StandardInput.WriteLine(value);
                _process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The process has exited.
            }
        }
    }

    /// <summary>Waits until the process has exited and <see cref="Output"/> is complete.</summary>
    public Task WaitForExitAsync() => _process.WaitForExitAsync();

    public void Suspend() => ProcessSignals.Freeze(_process.Id);

    public void Resume() => ProcessSignals.Thaw(_process.Id);

    /// <summary>Kills the process and waits until it has exited.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (Running.TryRemove(_process, out _) && !_process.HasExited)
            Kill();
        _process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
