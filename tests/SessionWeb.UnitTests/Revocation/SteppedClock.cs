namespace SessionWeb.UnitTests.Revocation;

/// <summary>A monotonic clock and a wall clock that a test advances together or apart.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private long _timestamp = 1_000_000;
    private DateTimeOffset _utc = DateTimeOffset.UnixEpoch;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _timestamp;

    public override DateTimeOffset GetUtcNow() => _utc;

    /// <summary>Advances both clocks.</summary>
    public void Pass(TimeSpan time)
    {
        _timestamp += time.Ticks;
        Step(time);
    }

    /// <summary>Advances the wall clock alone, as a suspended machine does.</summary>
    public void Step(TimeSpan time) => _utc += time;
}
