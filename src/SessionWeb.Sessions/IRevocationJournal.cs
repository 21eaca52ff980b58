namespace SessionWeb.Sessions;

/// <summary>
/// The write-ahead record of revocations, outside the session store. With it, a store that loses its latest writes (by
/// a restart or a failover) does not restore revoked sessions.
/// </summary>
/// <remarks>A singleton that is called concurrently. An exception means that the journal is unavailable.</remarks>
public interface IRevocationJournal
{
    /// <summary>
    /// Records a revocation durably as pending, and replaces one with the same id. If this fails, nothing is revoked. A
    /// revocation of all accounts gets its epoch (<see cref="RevocationRequest.Generation"/>) in the same step, unless
    /// it has one: higher than <see cref="EpochAsync"/>, and at least the time in Unix milliseconds.
    /// </summary>
    /// <returns>The revocation as it is recorded.</returns>
    Task<RevocationRequest> AddAsync(RevocationRequest revocation, CancellationToken cancellationToken);

    /// <summary>Marks a revocation as acknowledged, with the generation that it took.</summary>
    Task MarkAcknowledgedAsync(RevocationRequest revocation, CancellationToken cancellationToken);

    /// <summary>The revocations of the last <paramref name="age"/>, oldest first, acknowledged or pending.</summary>
    Task<IReadOnlyList<RevocationRequest>> LatestAsync(TimeSpan age, CancellationToken cancellationToken);

    /// <summary>
    /// The revocations that were recorded or acknowledged since the newest of <paramref name="known"/> was recorded,
    /// less <paramref name="margin"/>, and all pending ones; oldest first. All revocations if the journal knows none of
    /// the ids. An implementation keeps revocations for <see cref="SessionsOptions.LongestLifetime"/> or longer.
    /// </summary>
    Task<IReadOnlyList<RevocationRequest>> SinceAsync(
        IReadOnlyCollection<string> known, TimeSpan margin, CancellationToken cancellationToken);

    /// <summary>
    /// The highest epoch that was recorded, acknowledged or pending; 0 without any. A session that starts now has at
    /// least this epoch, so that a pending revocation of all accounts does not end it when it is applied later.
    /// </summary>
    Task<long> EpochAsync(CancellationToken cancellationToken);

    /// <summary>The revocations that are pending since <paramref name="age"/> or longer, oldest first.</summary>
    Task<IReadOnlyList<RevocationRequest>> PendingAsync(TimeSpan age, CancellationToken cancellationToken);
}
