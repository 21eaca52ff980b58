using System.Buffers.Text;
using System.Security.Cryptography;

namespace SessionWeb.Sessions;

/// <summary>
/// Where revocations are written down before they are carried out, outside the session store, so that a store that loses its latest
/// writes (a failover, a restart) does not bring sessions back. Without it, it can.
/// </summary>
public interface IRevocationJournal
{
    /// <summary>
    /// Records a revocation durably, as not acknowledged, in place of one with the same id. If this fails, nothing is revoked. A revocation of
    /// everyone without a generation gets one in the same step: above those of all that are recorded, and at least the time in Unix milliseconds.
    /// </summary>
    /// <returns>The revocation as it is recorded.</returns>
    Task<RevocationRequest> AddAsync(RevocationRequest intent, CancellationToken cancellationToken);

    /// <summary>Notes that an intent is in effect on every node, with the generation that it took.</summary>
    Task MarkAcknowledgedAsync(RevocationRequest intent, CancellationToken cancellationToken);

    /// <summary>The intents of the latest <paramref name="age"/>, oldest first, acknowledged or not.</summary>
    Task<IReadOnlyList<RevocationRequest>> LatestAsync(TimeSpan age, CancellationToken cancellationToken);

    /// <summary>
    /// The revocations that were recorded or acknowledged since the newest of <paramref name="known"/> (ids, of which the journal may not know
    /// all) was recorded, or within <paramref name="margin"/> before, and those that are not acknowledged; oldest first. All that there are
    /// if none of the ids is known: keep them for as long as the longest session can live.
    /// </summary>
    Task<IReadOnlyList<RevocationRequest>> SinceAsync(IReadOnlyCollection<string> known, TimeSpan margin, CancellationToken cancellationToken);

    /// <summary>
    /// The highest generation of all recorded revocations of everyone, acknowledged or not; 0 if there is none. A session that begins now
    /// begins after they were recorded, so they do not end it when they are applied later.
    /// </summary>
    Task<long> EpochAsync(CancellationToken cancellationToken);

    /// <summary>The intents that are not acknowledged though they were written down <paramref name="age"/> ago or longer, oldest first.</summary>
    Task<IReadOnlyList<RevocationRequest>> PendingAsync(TimeSpan age, CancellationToken cancellationToken);
}

/// <summary>A revocation as it was meant. Carrying one out again changes nothing that it has not changed before.</summary>
public sealed record RevocationRequest
{
    /// <summary>The revocation's id: 22 characters of base64url. Default: random.</summary>
    public string Id { get; init; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>Whose sessions; null for everyone's.</summary>
    public AccountTag? Account { get; init; }

    /// <summary>The only session meant, by its handle; null for all of the account.</summary>
    public string? Handle { get; init; }

    /// <summary>The account of the session that stays, if one does.</summary>
    public AccountTag? KeptAccount { get; init; }

    /// <summary>The handle of the session that stays, if one does.</summary>
    public string? KeptHandle { get; init; }

    /// <summary>
    /// The generation that is raised to: the account's, or everyone's. Sessions of a lower one end. Null where it is not known yet: the store
    /// chooses the next one when it applies the revocation.
    /// </summary>
    public long? Generation { get; init; }

    /// <summary>The version below which the account's claims are out of date; the sessions do not end then.</summary>
    public long? ClaimsVersion { get; init; }

    /// <summary>Why.</summary>
    public SessionEnd End { get; init; } = new(SessionEndReasons.RevokedByAdmin);
}
