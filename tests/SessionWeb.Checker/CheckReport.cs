using System.Diagnostics;

namespace SessionWeb.Checker;

/// <summary>Counts failures of each kind and prints the first ones.</summary>
internal sealed class CheckReport
{
    private const int MaxPrintedPerKind = 20;

    private static readonly TimeSpan ReadyTarget = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private long _violations;
    private long _endedWithoutReason;
    private long _notApplied;
    private long _notReady;
    private (TimeSpan Time, string Description) _slowest = (TimeSpan.Zero, "no fault");

    public bool HasPassed => this is { _violations: 0, _endedWithoutReason: 0, _notApplied: 0, _notReady: 0 };

    public string Summary =>
        $"violations {_violations}, sessions ended without reason {_endedWithoutReason}, "
        + $"revocations never applied {_notApplied}, "
        + $"nodes not ready {ReadyLimit.TotalSeconds} s after a fault {_notReady}";

    /// <summary>A request that began after an acknowledgement was accepted.</summary>
    public void RecordViolation(string description) => Record(ref _violations, description);

    /// <summary>A session was rejected though no revocation affects it and Redis did not lose it.</summary>
    public void RecordEndedWithoutReason(string description) => Record(ref _endedWithoutReason, description);

    /// <summary>A recorded revocation was not applied in time.</summary>
    public void RecordNotApplied(string description) => Record(ref _notApplied, description);

    /// <summary>Waits after a fault until the node is ready. The report contains the longest of these times.</summary>
    public async Task WaitForReadyAsync(string description, Func<Task<bool>> isReady)
    {
        var faultEnded = Stopwatch.GetTimestamp();
        if (!await Wait.IsTrueWithinAsync(ReadyLimit, isReady))
        {
            Record(ref _notReady, $"{description} is not ready {ReadyLimit.TotalSeconds} s after the fault");
            await Wait.IsTrueWithinAsync(ReadyTimeout - ReadyLimit, isReady);
        }
        var time = Stopwatch.GetElapsedTime(faultEnded);
        lock (_lock)
        {
            if (time > _slowest.Time)
                _slowest = (time, description);
        }
    }

    public void Print()
    {
        Console.WriteLine(Summary);
        var missed = _slowest.Time > ReadyTarget ? ": missed" : "";
        Console.WriteLine(
            $"longest time to ready after a fault {_slowest.Time.TotalSeconds:0.0} s ({_slowest.Description}), "
            + $"target {ReadyTarget.TotalSeconds} s{missed}");
    }

    private static void Record(ref long count, string description)
    {
        if (Interlocked.Increment(ref count) <= MaxPrintedPerKind)
            Console.WriteLine($"FAILURE: {description}");
    }
}
