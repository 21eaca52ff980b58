using System.Diagnostics;
using System.Net.Sockets;

namespace SessionWeb.Checker;

/// <summary>Polls a condition.</summary>
internal static class Wait
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until the condition is true. A condition that fails to connect is polled again.</summary>
    /// <exception cref="TimeoutException">The condition was not true within a minute.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, string description)
    {
        if (!await IsTrueWithinAsync(DefaultTimeout, condition))
            throw new TimeoutException($"Timed out after {DefaultTimeout.TotalSeconds} s: {description}.");
    }

    /// <returns>Whether the condition was true before the timeout.</returns>
    public static async Task<bool> IsTrueWithinAsync(TimeSpan timeout, Func<Task<bool>> condition)
    {
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(PollInterval))
        {
            try
            {
                if (await condition())
                    return true;
            }
            catch (Exception failure) when (
                failure is IOException or SocketException or HttpRequestException or TaskCanceledException)
            {
                // The process is not ready or is restarting.
            }
            if (Stopwatch.GetElapsedTime(started) > timeout)
                return false;
        }
    }
}
