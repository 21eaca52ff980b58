namespace SessionWeb.Sessions;

/// <summary>A live session, as it may be shown.</summary>
public sealed record Session
{
    /// <summary>The session's key in the store.</summary>
    public required SessionKey Key { get; init; }

    /// <summary>The id of the account that signed in.</summary>
    public required string AccountId { get; init; }

    /// <summary>The account's name at sign-in.</summary>
    public required string AccountName { get; init; }

    /// <summary>Browser and system, such as "Firefox on Windows"; at most 100 characters.</summary>
    public required string Device { get; init; }

    /// <summary>The client's address at sign-in; empty if unknown.</summary>
    public required string IpAddress { get; init; }

    /// <summary>Whether the session survives the end of the browser ("remember me").</summary>
    public bool Persistent { get; init; }

    /// <summary>The time of sign-in, by the store's clock.</summary>
    public DateTimeOffset SignedInAt { get; init; }

    /// <summary>The last recorded activity: at most a few minutes earlier than the session's last use.</summary>
    public DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When the session expires unless it is used; never later than <see cref="ExpiresAt"/>.</summary>
    public DateTimeOffset IdleExpiresAt { get; init; }

    /// <summary>When the session expires even if it is used.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The session's public id.</summary>
    public string Handle => Key.Handle;
}
