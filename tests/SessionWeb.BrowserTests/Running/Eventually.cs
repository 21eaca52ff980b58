using System.Diagnostics;

namespace SessionWeb.BrowserTests.Running;

/// <summary>Waits for what becomes true by itself, and says what did not when it does not.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static Task HoldsAsync(Func<bool> condition, Func<string> complaint, TimeSpan? within = null) =>
        HoldsAsync(() => Task.FromResult(condition()), complaint, within);

    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> complaint, TimeSpan? within = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > (within ?? Usual))
                throw new TimeoutException($"After {clock.Elapsed.TotalSeconds:0} s: {complaint()}");
            await Task.Delay(Pause);
        }
    }
}
