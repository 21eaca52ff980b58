using System.Diagnostics;
using System.Net.Sockets;

namespace SessionWeb.Testing;

/// <summary>Polls until a condition is true.</summary>
public static class Eventually
{
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(Func<bool> condition, string expected, TimeSpan? within = null) =>
        TrueAsync(() => Task.FromResult(condition()), () => expected, within);

    public static Task TrueAsync(Func<bool> condition, Func<string> expected, TimeSpan? within = null) =>
        TrueAsync(() => Task.FromResult(condition()), expected, within);

    public static Task TrueAsync(Func<Task<bool>> condition, string expected, TimeSpan? within = null) =>
        TrueAsync(condition, () => expected, within);

    /// <param name="condition">The condition. A connection failure counts as false.</param>
    /// <param name="expected">Describes the condition in the error, with details known at that time.</param>
    /// <param name="within">The timeout; 60 seconds by default.</param>
    /// <exception cref="TimeoutException">The condition is still false at the timeout.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> expected, TimeSpan? within = null)
    {
        var deadline = within ?? DefaultDeadline;
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(Interval))
        {
            Exception? failure = null;
            try
            {
                if (await condition())
                    return;
            }
            catch (Exception e) when (
                e is IOException or SocketException or HttpRequestException or TaskCanceledException)
            {
                failure = e;
            }
            if (Stopwatch.GetElapsedTime(began) > deadline)
                throw new TimeoutException($"Not within {deadline.TotalSeconds} s: {expected()}", failure);
        }
    }
}
