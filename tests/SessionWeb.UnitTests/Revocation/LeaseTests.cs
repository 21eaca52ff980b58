using SessionWeb.Sessions.Revocation;

namespace SessionWeb.UnitTests.Revocation;

public sealed class LeaseTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2);

    private readonly SteppedClock _clock = new();
    private readonly Lease _lease;

    public LeaseTests() => _lease = new(_clock);

    private void Extend(string incarnation = "one") => _lease.Extend(_clock.GetTimestamp(), _clock.GetUtcNow(), Length, incarnation);

    [Fact]
    public void A16_Suspension_that_both_margins_do_not_cover_ends_the_lease()
    {
        Extend();
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.True(_lease.IsHeld);

        // The machine was suspended: its monotonic clock stood still.
        _clock.Step(Lease.Margin * 2);
        Assert.False(_lease.IsHeld);
    }

    [Fact]
    public void Lease_ends_a_margin_before_its_length()
    {
        Extend();
        _clock.Pass(Length - Lease.Margin);
        Assert.False(_lease.IsHeld);
    }

    [Fact]
    public void A16_Lease_of_another_log_does_not_count_as_held()
    {
        Extend();
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), _lease.HeldIn("one"));
        Assert.Equal(TimeSpan.Zero, _lease.HeldIn("two"));

        Extend("two");
        Assert.Equal(TimeSpan.Zero, _lease.HeldIn("one"));
        Assert.Equal(TimeSpan.Zero, _lease.HeldIn("two"));
    }

    [Fact]
    public void Dropped_lease_is_held_anew()
    {
        Extend();
        _clock.Pass(TimeSpan.FromSeconds(1));
        _lease.Drop();
        Assert.False(_lease.IsHeld);
        Extend();
        Assert.Equal(TimeSpan.Zero, _lease.HeldIn("one"));
        Assert.True(_lease.IsHeld);
    }
}
