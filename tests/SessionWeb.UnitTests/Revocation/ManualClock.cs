namespace SessionWeb.UnitTests.Revocation;

/// <summary>A monotonic clock and a wall clock that a test advances together or apart.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _timestamp = 1_000_000;
    private DateTimeOffset _utc = DateTimeOffset.UnixEpoch;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _timestamp;

    public override DateTimeOffset GetUtcNow() => _utc;

    /// <summary>Advances both clocks.</summary>
    public void Advance(TimeSpan time)
    {
        _timestamp += time.Ticks;
        AdvanceWallClock(time);
    }

    /// <summary>Advances only the wall clock, as when the machine is suspended.</summary>
    public void AdvanceWallClock(TimeSpan time) => _utc += time;
}
