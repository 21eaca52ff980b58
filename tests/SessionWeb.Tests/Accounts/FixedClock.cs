namespace SessionWeb.Tests.Accounts;

/// <summary>A clock that stands still, so that a test cannot cross the end of a time step.</summary>
internal sealed class FixedClock : TimeProvider
{
    public DateTimeOffset Now { get; } = DateTimeOffset.UtcNow;

    public override DateTimeOffset GetUtcNow() => Now;
}
