using System.Diagnostics;

namespace SessionWeb.Checker.Faults;

/// <summary>Which sessions Redis may have forgotten: they may be refused, and need not be.</summary>
internal sealed class Losses(Action<Func<TrackedSession, bool>> lose)
{
    private volatile bool _isOngoing;
    private long _latest;

    /// <summary>Redis may be losing sessions at this moment, also those that begin now.</summary>
    public bool IsOngoing => _isOngoing;

    /// <summary>A sign-in that began before this and was answered after it may be lost: a timestamp.</summary>
    public long Latest => Volatile.Read(ref _latest);

    /// <summary>Has Redis lose sessions, while sign-ins continue.</summary>
    /// <param name="isLost">Which ones.</param>
    /// <param name="happenAsync">Returns once Redis cannot lose any more.</param>
    public async Task DuringAsync(Func<TrackedSession, bool> isLost, Func<Task> happenAsync)
    {
        _isOngoing = true;
        lose(isLost);
        await happenAsync();
        Volatile.Write(ref _latest, Stopwatch.GetTimestamp());
        lose(isLost);
        _isOngoing = false;
    }
}
