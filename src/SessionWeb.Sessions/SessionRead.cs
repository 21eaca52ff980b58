namespace SessionWeb.Sessions;

/// <summary>The result of reading a session. Session and end are null if the store does not know the key.</summary>
/// <param name="Session">The live session, or null.</param>
/// <param name="Ticket">The session's serialized ticket; empty without a session.</param>
/// <param name="End">How the session ended, if it did and the store still knows it.</param>
/// <param name="CurrentClaimsVersion">
/// The version of the account's claims if those in the ticket are stale; null if they are current.
/// </param>
public sealed record SessionRead(
    Session? Session, ReadOnlyMemory<byte> Ticket, SessionEnd? End, long? CurrentClaimsVersion = null)
{
    /// <summary>The store does not know the key.</summary>
    public static readonly SessionRead Unknown = new(null, default, null);

    /// <summary>The session's new key if the given one is a former key that is no longer accepted; else null.</summary>
    public SessionKey? RenewedKey { get; init; }

    /// <summary>How long the session is accepted under this key after it was read, unless it is used.</summary>
    internal TimeSpan RemainingLifetime { get; init; }

    /// <summary>The session's generation.</summary>
    internal long Generation { get; init; }

    /// <summary>The version of the claims in the ticket.</summary>
    internal long ClaimsVersion { get; init; }
}

/// <summary>A page of sessions.</summary>
/// <param name="Sessions">The sessions.</param>
/// <param name="HasNext">Whether there is another page.</param>
/// <param name="Total">The number of all sessions; an estimate while sessions start and end.</param>
public sealed record SessionPage(IReadOnlyList<Session> Sessions, bool HasNext, long Total);
