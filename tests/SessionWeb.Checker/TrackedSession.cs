namespace SessionWeb.Checker;

/// <summary>What is known for certain of a session, on the checker's own clock.</summary>
internal sealed class TrackedSession(string name, string cookie, long createdAt)
{
    public string Name => name;

    public string Cookie => cookie;

    /// <summary>When its sign-in was answered.</summary>
    public long CreatedAt => createdAt;

    /// <summary>A revocation was asked for: from here on it may be refused.</summary>
    public volatile bool IsInvoked;

    /// <summary>A revocation was written down: in the end it must not be accepted any more.</summary>
    public volatile bool IsPending;

    /// <summary>A revocation was acknowledged: what starts from here on must not be accepted.</summary>
    public volatile bool IsAcknowledged;

    /// <summary>Redis forgot it, or may have: it may be refused, and need not be.</summary>
    public volatile bool IsLost;
}
