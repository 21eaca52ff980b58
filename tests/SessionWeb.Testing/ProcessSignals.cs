using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SessionWeb.Testing;

/// <summary>Sends signals to processes by id.</summary>
public static class ProcessSignals
{
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;
    private const int NoSuchProcess = 3;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Sends SIGTERM. Does nothing if the process has exited.</summary>
    public static void Terminate(int processId) => Send(processId, SigTerm);

    /// <summary>Suspends a process. When this returns, none of its threads runs.</summary>
    /// <exception cref="TimeoutException">A thread still runs after 10 seconds.</exception>
    public static void Suspend(int processId)
    {
        Send(processId, SigStop);
        // A running thread stops some time after the signal, and can still answer a request before that.
        if (!SpinWait.SpinUntil(
            () => Directory.EnumerateDirectories($"/proc/{processId}/task").All(IsStopped), Deadline))
        {
            throw new TimeoutException($"Process {processId} did not stop within {Deadline.TotalSeconds:0} s.");
        }
    }

    /// <summary>Resumes a process that was suspended.</summary>
    public static void Resume(int processId) => Send(processId, SigCont);

    private static void Send(int processId, int signal)
    {
        if (Kill(processId, signal) != 0 && Marshal.GetLastPInvokeError() != NoSuchProcess)
        {
            throw new Win32Exception(
                Marshal.GetLastPInvokeError(), $"Signal {signal} could not be sent to process {processId}.");
        }
    }

    private static bool IsStopped(string thread)
    {
        try
        {
            // The state follows the name, which is in parentheses and can contain parentheses.
            var stat = File.ReadAllText(Path.Combine(thread, "stat"));
            return stat[stat.LastIndexOf(')') + 2] == 'T';
        }
        catch (IOException)
        {
            // The thread has ended.
            return true;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
