using System.Diagnostics;

namespace SessionWeb.Checker;

internal static class Wait
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static async Task ForAsync(Func<Task<bool>> condition, string what)
    {
        for (var since = Stopwatch.GetTimestamp(); ; await Task.Delay(20))
        {
            try
            {
                if (await condition())
                    return;
            }
            catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException or HttpRequestException or TaskCanceledException)
            {
            }
            if (Stopwatch.GetElapsedTime(since) > Longest)
                throw new TimeoutException($"Not within {Longest.TotalSeconds} s: {what}.");
        }
    }
}
