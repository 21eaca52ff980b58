using System.Diagnostics;

namespace SessionWeb.Checker;

/// <summary>Counts everything that must not happen, and prints the first cases.</summary>
internal sealed class Verdicts
{
    /// <summary>After a fault every node should be ready within this time.</summary>
    public static readonly TimeSpan ReadyWanted = TimeSpan.FromSeconds(2);

    private const int MostPrintedOfAKind = 20;

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private long _violations;
    private long _endedWithoutReason;
    private long _neverTookEffect;
    private long _notReady;
    private (TimeSpan After, string What) _slowest = (TimeSpan.Zero, "no fault");

    public bool AreGood => this is { _violations: 0, _endedWithoutReason: 0, _neverTookEffect: 0, _notReady: 0 };

    public string Summary =>
        $"violations {_violations}, sessions ended without reason {_endedWithoutReason}, "
        + $"revocations that never took effect {_neverTookEffect}, nodes not ready 10 s after the fault {_notReady}";

    /// <summary>A request that began after an acknowledgement was accepted.</summary>
    public void Violation(string what) => Count(ref _violations, what);

    public void EndedWithoutReason(string what) => Count(ref _endedWithoutReason, what);

    public void NeverTookEffect(string what) => Count(ref _neverTookEffect, what);

    /// <summary>Waits until the node is ready, at most a minute, and keeps the longest time that it took.</summary>
    public async Task ReadyAsync(string what, Func<Task<bool>> isReady)
    {
        var ended = Stopwatch.GetTimestamp();
        var isLate = false;
        while (!await isReady())
        {
            if (!isLate && Stopwatch.GetElapsedTime(ended) > ReadyLimit)
            {
                isLate = true;
                Count(ref _notReady, $"{what} is not ready {ReadyLimit.TotalSeconds} s after the fault");
            }
            if (Stopwatch.GetElapsedTime(ended) > GiveUp)
                break;
            await Task.Delay(10);
        }
        lock (_lock)
            if (Stopwatch.GetElapsedTime(ended) is var after && after > _slowest.After)
                _slowest = (after, what);
    }

    public void Print()
    {
        Console.WriteLine(Summary);
        var missed = _slowest.After > ReadyWanted ? ": missed" : "";
        Console.WriteLine(
            $"longest time to ready after a fault {_slowest.After.TotalSeconds:0.0} s ({_slowest.What}), "
            + $"wanted {ReadyWanted.TotalSeconds} s{missed}");
    }

    private static void Count(ref long count, string what)
    {
        if (Interlocked.Increment(ref count) <= MostPrintedOfAKind)
            Console.WriteLine($"WRONG: {what}");
    }
}
