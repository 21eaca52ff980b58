using System.Diagnostics.CodeAnalysis;

namespace SessionWeb.Sessions.Revocation;

/// <summary>
/// A node's right to answer from its cache. A renewal extends it. A revocation waits for every node that may hold one,
/// until the node acknowledges or its lease has expired. Only durations of this machine's clock count, not the time of
/// day.
/// </summary>
internal sealed class Lease(TimeProvider clock)
{
    /// <summary>Subtracted from the length of a lease, and added to the wait for its expiry.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(50);

    // The monotonic clock ignores a machine's suspension. An undetected one is shorter than both margins together.
    private static readonly TimeSpan MaxClockDifference = TimeSpan.FromMilliseconds(40);

    private Term? _term;

    // From: the timestamp before the renewal was sent; At: the time of day then; HeldSince: the start without a gap.
    private sealed record Term(long From, long Until, DateTimeOffset At, long HeldSince, string Incarnation);

    public bool IsHeld => IsHeldIn(Volatile.Read(ref _term));

    /// <summary>How long it has been held without a gap in a log of this incarnation; zero if it is not held.</summary>
    public TimeSpan HeldIn(string incarnation)
    {
        var term = Volatile.Read(ref _term);
        return IsHeldIn(term) && term.Incarnation == incarnation ? clock.GetElapsedTime(term.HeldSince) : TimeSpan.Zero;
    }

    /// <param name="from">The timestamp before the renewal was sent.</param>
    /// <param name="at">The time of day at that moment.</param>
    /// <param name="length">The length of a lease.</param>
    /// <param name="incarnation">The log that renews it.</param>
    public void Extend(long from, DateTimeOffset at, TimeSpan length, string incarnation)
    {
        var term = Volatile.Read(ref _term);
        var since = IsHeldIn(term) && term.Incarnation == incarnation ? term.HeldSince : clock.GetTimestamp();
        var until = from + (long)((length - Margin).TotalSeconds * clock.TimestampFrequency);
        Volatile.Write(ref _term, new(from, until, at, since, incarnation));
    }

    public void Drop() => Volatile.Write(ref _term, null);

    /// <summary>How long to wait until earlier leases have expired. Clock rates differ by 0.1 % at most.</summary>
    public static TimeSpan Outlasts(TimeSpan length) => (length * 1.002) + Margin;

    private bool IsHeldIn([NotNullWhen(true)] Term? term)
    {
        var now = clock.GetTimestamp();
        return now < term?.Until
            && (clock.GetUtcNow() - term.At - clock.GetElapsedTime(term.From, now)).Duration() < MaxClockDifference;
    }
}
