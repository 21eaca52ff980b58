using System.Collections.Concurrent;
using System.Diagnostics;

namespace SessionWeb.Checker.Torture;

/// <summary>The live sessions, the revoked sessions, and which of the live ones Redis may have lost.</summary>
internal sealed class SessionPool
{
    private const int Size = 90;

    private readonly ConcurrentDictionary<TrackedSession, bool> _live = new();
    private readonly ConcurrentQueue<TrackedSession> _revoked = new();
    private volatile bool _isLosing;
    private long _latestLossEnded;

    public bool IsFull => _live.Count >= Size;

    public IReadOnlyList<TrackedSession> Revoked => [.. _revoked];

    public void Add(TrackedSession session)
    {
        _live[session] = true;
        // Redis may have lost the session before this call.
        if (_isLosing || session.SignInStarted < Volatile.Read(ref _latestLossEnded))
            MarkLost(other => other == session);
    }

    public void AddRevoked(TrackedSession session) => _revoked.Enqueue(session);

    /// <summary>A random live session; null for some calls while the pool is not full.</summary>
    public TrackedSession? Pick() => _live.Keys.ElementAtOrDefault(Random.Shared.Next(Size));

    /// <summary>A random session of the most recently revoked ones; null if there is none.</summary>
    public TrackedSession? PickRevoked()
    {
        const int Recent = 50;
        var revoked = _revoked.ToArray();
        return revoked.Length == 0 ? null : revoked[^Random.Shared.Next(1, Math.Min(revoked.Length, Recent) + 1)];
    }

    /// <summary>Removes a random live session, so that only the caller revokes it.</summary>
    public TrackedSession? Take() => Pick() is { } session && _live.TryRemove(session, out _) ? session : null;

    /// <summary>Removes a random live session that the caller deletes from Redis.</summary>
    public TrackedSession? TakeForDeletion()
    {
        if (Take() is not { } session)
            return null;
        session.MayBeLost = true;
        return session;
    }

    /// <summary>Makes Redis lose sessions while sign-ins continue.</summary>
    /// <param name="isLost">Which sessions Redis may lose.</param>
    /// <param name="loseAsync">Completes when Redis can lose no more sessions.</param>
    public async Task LoseAsync(Func<TrackedSession, bool> isLost, Func<Task> loseAsync)
    {
        _isLosing = true;
        MarkLost(isLost);
        await loseAsync();
        Volatile.Write(ref _latestLossEnded, Stopwatch.GetTimestamp());
        MarkLost(isLost);
        _isLosing = false;
    }

    private void MarkLost(Func<TrackedSession, bool> isLost)
    {
        foreach (var session in _live.Keys.Where(isLost))
        {
            session.MayBeLost = true;
            _live.TryRemove(session, out _);
        }
    }
}
