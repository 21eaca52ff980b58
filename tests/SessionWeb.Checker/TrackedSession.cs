namespace SessionWeb.Checker;

/// <summary>What is known for certain of a session, on the checker's own clock.</summary>
/// <param name="name">The account's name, which is its id, too.</param>
/// <param name="cookie">The session's cookie.</param>
/// <param name="handle">The session's public handle.</param>
/// <param name="beganAt">When its sign-in was asked for: a timestamp.</param>
/// <param name="createdAt">When its sign-in was answered: a timestamp.</param>
internal sealed class TrackedSession(string name, string cookie, string handle, long beganAt, long createdAt)
{
    /// <summary>A revocation was asked for: from here on it may be refused.</summary>
    public volatile bool IsInvoked;

    /// <summary>A revocation was recorded: in the end it must not be accepted any more.</summary>
    public volatile bool IsPending;

    /// <summary>A revocation was acknowledged: what starts from here on must not be accepted.</summary>
    public volatile bool IsAcknowledged;

    /// <summary>Redis forgot it, or may have: it may be refused, and need not be.</summary>
    public volatile bool IsLost;

    /// <summary>A revocation of the account may still be on its way: it could end sessions that begin later.</summary>
    public volatile bool IsLastOfAccount;

    private int _isReported;

    /// <summary>The account's session that was revoked just before the sign-in, or just after it; null if none was.</summary>
    public TrackedSession? Former { get; init; }

    /// <summary>Whether it began before the former one was revoked, and was to be kept.</summary>
    public bool IsKept { get; init; }

    public string Name => name;

    public string AccountTag => Sessions.AccountTag.For(name).Value;

    public string Cookie => cookie;

    public string Handle => handle;

    public long BeganAt => beganAt;

    public long CreatedAt => createdAt;

    /// <returns>True for the first that asks.</returns>
    public bool ReportOnce() => Interlocked.Exchange(ref _isReported, 1) == 0;
}
