namespace SessionWeb.Sessions;

/// <summary>A live session, as people may see it.</summary>
public sealed record Session
{
    /// <summary>The session's name in the store.</summary>
    public required SessionKey Key { get; init; }

    /// <summary>The id of the account that signed in.</summary>
    public required string AccountId { get; init; }

    /// <summary>The account's name at sign-in.</summary>
    public required string AccountName { get; init; }

    /// <summary>Browser and system, such as "Firefox on Windows"; at most 100 characters.</summary>
    public required string Device { get; init; }

    /// <summary>The address from which the person signed in; empty if unknown.</summary>
    public required string IpAddress { get; init; }

    /// <summary>Whether the person asked to be remembered, so that the session outlives the browser.</summary>
    public bool Persistent { get; init; }

    /// <summary>When the session began.</summary>
    public DateTimeOffset SignedInAt { get; init; }

    /// <summary>When the session was last noted as used: never late, at most a few minutes early.</summary>
    public DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When the session ends unless it is used again; never later than <see cref="ExpiresAt"/>.</summary>
    public DateTimeOffset IdleExpiresAt { get; init; }

    /// <summary>When the session ends in any case.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The session's public name.</summary>
    public string Handle => Key.Handle;
}

/// <summary>
/// What a store is given to create a session. All durations count from the moment of creation, on the store's clock.
/// </summary>
public sealed record NewSession
{
    /// <summary>The session's name in the store.</summary>
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
    /// The account's generation as it was before the credentials were checked: the store refuses the session if it has
    /// a higher one. Default null: the session takes the generation that the store has, and nothing is refused.
    /// </summary>
    public long? Generation { get; init; }

    /// <summary>The version of the account's claims as it was before the ticket was made. Default 0.</summary>
    public long ClaimsVersion { get; init; }

    /// <summary>How long the session lives without being used.</summary>
    public required TimeSpan IdleTimeout { get; init; }

    /// <summary>How long the session lives at most.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>How many live sessions the account may have, this one included.</summary>
    public int MaxPerAccount { get; init; } = int.MaxValue;

    /// <summary>What happens when the account has that many already.</summary>
    public WhenFull WhenFull { get; init; }

    /// <summary>The serialized authentication ticket.</summary>
    public required ReadOnlyMemory<byte> Ticket { get; init; }
}

/// <summary>What happens at sign-in when an account has as many sessions as it may have.</summary>
public enum WhenFull
{
    /// <summary>
    /// The account's oldest sign-ins end, as <see cref="SessionEndReasons.Replaced"/> by the device that signs in.
    /// </summary>
    SignOutOldest,

    /// <summary>The new sign-in is refused.</summary>
    RefuseNew,
}

/// <summary>What became of an attempt to create a session.</summary>
public enum CreateOutcome
{
    /// <summary>The session exists.</summary>
    Created,

    /// <summary>Refused: the account has moved on to a later generation.</summary>
    StaleGeneration,

    /// <summary>Refused: the account has as many sessions as it may have.</summary>
    Full,
}

/// <summary>The result of an attempt to create a session.</summary>
/// <param name="Outcome">Whether it was created, or why not.</param>
/// <param name="Replaced">The handles of the sessions that ended to make room.</param>
/// <param name="Revocation">
/// Whether every node acknowledged that they ended; <see cref="RevocationResult.None"/> where none did.
/// </param>
/// <param name="Generation">The account's generation in the store.</param>
public sealed record CreateResult(
    CreateOutcome Outcome, IReadOnlyList<string> Replaced, RevocationResult Revocation, long Generation);

/// <summary>What a store is given to replace a session's ticket.</summary>
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
    /// For how long the store accepts the former key after the new one was first read. Until then it accepts both: the
    /// response that carries the new id may be lost. Default zero.
    /// </summary>
    public TimeSpan FormerKeyGrace { get; init; }
}

/// <summary>The result of an attempt to replace a session's ticket.</summary>
public enum ReplaceOutcome
{
    /// <summary>The session has the new ticket and keeps its key.</summary>
    Replaced,

    /// <summary>The session has the new ticket and the new key.</summary>
    Renewed,

    /// <summary>
    /// The session keeps its ticket and its key: it has claims of this version or a later one, or the key that was
    /// given is a former one and the new one is in use.
    /// </summary>
    Kept,

    /// <summary>There is no such session, or no longer.</summary>
    NoSession,
}

/// <summary>What a store found. Both are null where nothing is known of the key: never created, or forgotten.</summary>
/// <param name="Session">The live session, or null.</param>
/// <param name="Ticket">The session's serialized ticket; empty without a session.</param>
/// <param name="End">How the session ended, if it did and the store still remembers.</param>
/// <param name="CurrentClaimsVersion">
/// The version of the account's claims where the ticket's are older; null where they are up to date.
/// </param>
public sealed record SessionRead(
    Session? Session, ReadOnlyMemory<byte> Ticket, SessionEnd? End, long? CurrentClaimsVersion = null)
{
    /// <summary>Nothing is known of the key.</summary>
    public static readonly SessionRead Unknown = new(null, default, null);

    /// <summary>
    /// The session's key where the one that was asked for is a former key that is no longer accepted; else null.
    /// </summary>
    public SessionKey? RenewedKey { get; init; }

    /// <summary>How long the session lives from the moment of reading unless it is used.</summary>
    internal TimeSpan RemainingLifetime { get; init; }

    /// <summary>The generation of the account with which the session began.</summary>
    internal long Generation { get; init; }

    /// <summary>The version of the claims in the ticket.</summary>
    internal long ClaimsVersion { get; init; }
}

/// <summary>A page of sessions.</summary>
/// <param name="Sessions">The sessions.</param>
/// <param name="HasNext">Whether there is another page.</param>
/// <param name="Total">How many sessions there are in all; an estimate while sessions come and go.</param>
public sealed record SessionPage(IReadOnlyList<Session> Sessions, bool HasNext, long Total);
