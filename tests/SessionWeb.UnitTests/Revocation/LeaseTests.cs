using SessionWeb.Sessions.Revocation;

namespace SessionWeb.UnitTests.Revocation;

public sealed class LeaseTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    private readonly ManualClock _clock = new();
    private readonly Lease _lease;

    public LeaseTests() => _lease = new(_clock);

    private void Extend(string incarnation = "one") =>
        _lease.Extend(_clock.GetTimestamp(), _clock.GetUtcNow(), Duration, incarnation);

    [Fact]
    public void A16_Suspension_beyond_both_margins_ends_the_lease()
    {
        Extend();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_lease.IsHeld);

        // While a machine is suspended, its monotonic clock does not advance.
        _clock.AdvanceWallClock(Lease.Margin * 2);
        Assert.False(_lease.IsHeld);
    }

    [Fact]
    public void Lease_ends_a_margin_before_its_duration()
    {
        Extend();
        _clock.Advance(Duration - Lease.Margin);
        Assert.False(_lease.IsHeld);
    }

    [Fact]
    public void A16_Lease_of_another_incarnation_is_not_held()
    {
        Extend();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), _lease.HeldIn("one"));
        Assert.Equal(TimeSpan.Zero, _lease.HeldIn("two"));

        Extend("two");
        Assert.Equal(TimeSpan.Zero, _lease.HeldIn("one"));
        Assert.Equal(TimeSpan.Zero, _lease.HeldIn("two"));
    }

    [Fact]
    public void Extending_a_dropped_lease_restarts_it()
    {
        Extend();
        _clock.Advance(TimeSpan.FromSeconds(1));
        _lease.Drop();
        Assert.False(_lease.IsHeld);
        Extend();
        Assert.Equal(TimeSpan.Zero, _lease.HeldIn("one"));
        Assert.True(_lease.IsHeld);
    }
}
