namespace SessionWeb.Sessions.Revoking;

/// <summary>
/// The right to answer from memory. It is held for a while after each renewal; revocations wait for those who hold one, and for as long as
/// they can. Only durations of this machine count, no time of day.
/// </summary>
internal sealed class Lease(TimeProvider clock, ProtocolRules rules)
{
    /// <summary>What is taken off at the end of a lease, and added to the wait for it.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(50);

    // A machine that was suspended does not know it by its monotonic clock.
    private static readonly TimeSpan Suspended = TimeSpan.FromMilliseconds(250);

    private Term _term = new(0, 0, default);
    private long _heldSince;

    /// <summary>From when the term was asked for, until when, both in timestamps, and the time of day then.</summary>
    private sealed record Term(long From, long Until, DateTimeOffset At);

    public bool IsHeld
    {
        get
        {
            if (!rules.Lease)
                return true;
            var term = Volatile.Read(ref _term);
            var now = clock.GetTimestamp();
            return now < term.Until
                && (clock.GetUtcNow() - term.At - clock.GetElapsedTime(term.From, now)).Duration() < Suspended;
        }
    }

    /// <summary>Until when it is held, from now; zero if it is not.</summary>
    public TimeSpan Remaining => IsHeld ? clock.GetElapsedTime(clock.GetTimestamp(), Volatile.Read(ref _term).Until) : TimeSpan.Zero;

    /// <summary>For how long it has been held without a gap.</summary>
    public TimeSpan HeldFor => IsHeld ? clock.GetElapsedTime(Volatile.Read(ref _heldSince)) : TimeSpan.Zero;

    /// <param name="from">The timestamp before the renewal was sent.</param>
    /// <param name="at">The time of day then.</param>
    /// <param name="length">The length of a lease.</param>
    public void Extend(long from, DateTimeOffset at, TimeSpan length)
    {
        if (!IsHeld || _term.Until == 0)
            Volatile.Write(ref _heldSince, clock.GetTimestamp());
        Volatile.Write(ref _term, new(from, from + (long)((length - Margin).TotalSeconds * clock.TimestampFrequency), at));
    }

    public void Drop() => Volatile.Write(ref _term, new(0, 0, default));

    /// <summary>How long nobody can hold a lease any more that was asked for before now: clocks of machines differ by a thousandth at most.</summary>
    public static TimeSpan Outlasts(TimeSpan length) => (length * 1.002) + Margin;
}
