namespace SessionWeb.Sessions;

/// <summary>
/// Where revocations are written down before they are carried out, outside the session store, so that a store that loses its latest
/// writes (a failover, a restart) does not bring sessions back. Without it, it can.
/// </summary>
public interface IRevocationIntents
{
    /// <summary>Writes an intent down, durably. If this fails, nothing is revoked.</summary>
    Task AddAsync(RevocationIntent intent, CancellationToken cancellationToken);

    /// <summary>Notes that an intent is in effect on every node, with the generation that it took.</summary>
    Task AcknowledgedAsync(RevocationIntent intent, CancellationToken cancellationToken);

    /// <summary>The intents of the latest <paramref name="age"/>, oldest first, acknowledged or not.</summary>
    Task<IReadOnlyList<RevocationIntent>> LatestAsync(TimeSpan age, CancellationToken cancellationToken);

    /// <summary>The intents that are not acknowledged though they were written down <paramref name="age"/> ago or longer, oldest first.</summary>
    Task<IReadOnlyList<RevocationIntent>> PendingAsync(TimeSpan age, CancellationToken cancellationToken);
}

/// <summary>A revocation as it was meant. Carrying one out again changes nothing that it has not changed before.</summary>
public sealed record RevocationIntent
{
    /// <summary>The intent's own name: 22 characters of base64url.</summary>
    public required string Id { get; init; }

    /// <summary>Whose sessions; null for everyone's.</summary>
    public AccountTag? Account { get; init; }

    /// <summary>The only session meant, by its handle; null for all of the account.</summary>
    public string? Handle { get; init; }

    /// <summary>The account of the session that stays, if one does.</summary>
    public AccountTag? KeepAccount { get; init; }

    /// <summary>The handle of the session that stays, if one does.</summary>
    public string? KeepHandle { get; init; }

    /// <summary>The generation that is raised to: the account's, or everyone's.</summary>
    public long? Generation { get; init; }

    /// <summary>The version below which the account's claims are out of date; the sessions do not end then.</summary>
    public long? ClaimsVersion { get; init; }

    /// <summary>Why.</summary>
    public SessionEnding Ending { get; init; } = new(EndReasons.RevokedByAdmin);
}
