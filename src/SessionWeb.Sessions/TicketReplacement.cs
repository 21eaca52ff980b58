namespace SessionWeb.Sessions;

/// <summary>A new ticket for a live session.</summary>
public sealed record TicketReplacement
{
    /// <summary>The new serialized ticket.</summary>
    public required ReadOnlyMemory<byte> Ticket { get; init; }

    /// <summary>The version of the account's claims in the new ticket.</summary>
    public required long ClaimsVersion { get; init; }

    /// <summary>
    /// The session's new key, of the same account and with the same handle. Default null: the session keeps its key.
    /// </summary>
    public SessionKey? RenewedKey { get; init; }

    /// <summary>
    /// How long the store accepts the former key after the new one was first read. Until then it accepts both, because
    /// the response that carries the new id may be lost. Default 0.
    /// </summary>
    public TimeSpan FormerKeyGrace { get; init; }
}

/// <summary>The outcome of replacing a session's ticket.</summary>
public enum ReplaceOutcome
{
    /// <summary>The session has the new ticket, and keeps its key.</summary>
    Replaced,

    /// <summary>The session has the new ticket and the new key.</summary>
    Renewed,

    /// <summary>
    /// The session keeps its ticket and its key: it has claims of this version or a later one, or the given key is a
    /// former one and the new one is in use.
    /// </summary>
    Kept,

    /// <summary>There is no such live session.</summary>
    NoSession,
}
