namespace SessionWeb.Sessions;

/// <summary>A session to create. All durations count from its creation, by the store's clock.</summary>
public sealed record NewSession
{
    /// <summary>The session's key in the store.</summary>
    public required SessionKey Key { get; init; }

    /// <inheritdoc cref="Session.AccountId"/>
    public required string AccountId { get; init; }

    /// <inheritdoc cref="Session.AccountName"/>
    public required string AccountName { get; init; }

    /// <inheritdoc cref="Session.Device"/>
    public string Device { get; init; } = "";

    /// <inheritdoc cref="Session.IpAddress"/>
    public string IpAddress { get; init; } = "";

    /// <inheritdoc cref="Session.Persistent"/>
    public bool Persistent { get; init; }

    /// <summary>
    /// The account's generation before the credentials were checked. If the store has a higher one, it refuses the
    /// session. Default null: the session takes the store's generation, and is not refused.
    /// </summary>
    public long? Generation { get; init; }

    /// <summary>The version of the account's claims before the ticket was created. Default 0.</summary>
    public long ClaimsVersion { get; init; }

    /// <summary>How long the session is valid without use.</summary>
    public required TimeSpan IdleTimeout { get; init; }

    /// <summary>How long the session is valid at most.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>The maximum number of live sessions of the account, including this one. Default: no limit.</summary>
    public int MaxPerAccount { get; init; } = int.MaxValue;

    /// <summary>
    /// What happens if the account has that many sessions already. Default <see cref="WhenFull.SignOutOldest"/>.
    /// </summary>
    public WhenFull WhenFull { get; init; }

    /// <summary>The serialized authentication ticket.</summary>
    public required ReadOnlyMemory<byte> Ticket { get; init; }
}
