using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SessionWeb.Checker;

/// <summary>A process that can be frozen, thawed and killed.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly ConcurrentDictionary<Process, bool> Running = new();

    private readonly Process _process;

    // Whoever stops the checker stops its servers.
    static ServerProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in Running.Keys)
            try
            {
                process.Kill();
            }
            catch (InvalidOperationException)
            {
                // Disposed of at the same time: the others must still be stopped.
            }
    };

    public ServerProcess(string file, params string[] arguments) : this(file, [], arguments)
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
        _process.OutputDataReceived += (_, line) =>
        {
            Said.Enqueue(line.Data ?? "");
            Output.Enqueue(line.Data ?? "");
        };
        _process.ErrorDataReceived += (_, line) => Said.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public ConcurrentQueue<string> Said { get; } = [];

    /// <summary>What it wrote to standard output alone.</summary>
    public ConcurrentQueue<string> Output { get; } = [];

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The whole of its standard input.</summary>
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
                // It has exited already.
            }
        }
    }

    /// <summary>Waits until it has exited and everything that it wrote is in <see cref="Output"/>.</summary>
    public Task ExitAsync() => _process.WaitForExitAsync();

    public void Freeze() => ProcessSignals.Freeze(_process.Id);

    public void Thaw() => ProcessSignals.Thaw(_process.Id);

    public void Terminate() => ProcessSignals.Terminate(_process.Id);

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
