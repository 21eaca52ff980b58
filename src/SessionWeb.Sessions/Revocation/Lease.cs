namespace SessionWeb.Sessions.Revocation;

/// <summary>
/// The right to answer from memory. It is held for a while after each renewal; revocations wait for those who hold one, and for as long as
/// they can. Only durations of this machine count, no time of day.
/// </summary>
internal sealed class Lease(TimeProvider clock)
{
    /// <summary>What is taken off at the end of a lease, and added to the wait for it.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(50);

    // A machine that was suspended does not know it by its monotonic clock. What stays unnoticed is less than both margins together.
    private static readonly TimeSpan Suspended = TimeSpan.FromMilliseconds(40);

    private static readonly Term None = new(0, 0, default, 0, "");

    private Term _term = None;

    /// <summary>
    /// From when the term was asked for, until when, both in timestamps, the time of day then, since when terms follow each other without
    /// a gap, and the log by which it was renewed.
    /// </summary>
    private sealed record Term(long From, long Until, DateTimeOffset At, long HeldSince, string Incarnation);

    public bool IsHeld => IsHeldIn(Volatile.Read(ref _term));

    /// <summary>For how long it has been held without a gap in a log of this incarnation; zero if it is not.</summary>
    public TimeSpan HeldIn(string incarnation)
    {
        var term = Volatile.Read(ref _term);
        return term.Incarnation == incarnation && IsHeldIn(term) ? clock.GetElapsedTime(term.HeldSince) : TimeSpan.Zero;
    }

    /// <param name="from">The timestamp before the renewal was sent.</param>
    /// <param name="at">The time of day then.</param>
    /// <param name="length">The length of a lease.</param>
    /// <param name="incarnation">The log by which it is renewed.</param>
    public void Extend(long from, DateTimeOffset at, TimeSpan length, string incarnation)
    {
        var term = Volatile.Read(ref _term);
        var since = IsHeldIn(term) && term.Incarnation == incarnation ? term.HeldSince : clock.GetTimestamp();
        Volatile.Write(ref _term, new(from, from + (long)((length - Margin).TotalSeconds * clock.TimestampFrequency), at, since, incarnation));
    }

    public void Drop() => Volatile.Write(ref _term, None);

    /// <summary>How long it takes until nobody can hold a lease any more that was asked for before now: clocks of machines differ by a thousandth at most.</summary>
    public static TimeSpan Outlasts(TimeSpan length) => (length * 1.002) + Margin;

    private bool IsHeldIn(Term term)
    {
        var now = clock.GetTimestamp();
        return now < term.Until && (clock.GetUtcNow() - term.At - clock.GetElapsedTime(term.From, now)).Duration() < Suspended;
    }
}
