using System.Diagnostics;
using System.Net.Sockets;

namespace SessionWeb.Testing;

/// <summary>Polls a condition. A condition that cannot reach its server is polled again.</summary>
public static class Wait
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    public static Task UntilAsync(Func<bool> condition, string description, TimeSpan? timeout = null) =>
        UntilAsync(() => Task.FromResult(condition()), () => description, timeout);

    public static Task UntilAsync(Func<bool> condition, Func<string> description, TimeSpan? timeout = null) =>
        UntilAsync(() => Task.FromResult(condition()), description, timeout);

    public static Task UntilAsync(Func<Task<bool>> condition, string description, TimeSpan? timeout = null) =>
        UntilAsync(condition, () => description, timeout);

    /// <param name="condition">The condition.</param>
    /// <param name="description">States the condition, and the details to report after the timeout.</param>
    /// <param name="timeout">Two minutes by default.</param>
    /// <exception cref="TimeoutException">The condition was not true before the timeout.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> description, TimeSpan? timeout = null)
    {
        if (!await IsTrueWithinAsync(timeout ?? DefaultTimeout, condition))
        {
            throw new TimeoutException(
                $"Timed out after {(timeout ?? DefaultTimeout).TotalSeconds} s: {description()}.");
        }
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
            catch (Exception failure)
                when (failure is IOException or SocketException or HttpRequestException or TaskCanceledException)
            {
                // The server is not ready or is restarting.
            }
            if (Stopwatch.GetElapsedTime(started) > timeout)
                return false;
        }
    }
}
