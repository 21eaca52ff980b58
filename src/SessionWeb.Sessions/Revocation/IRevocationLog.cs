namespace SessionWeb.Sessions.Revocation;

/// <summary>
/// The revocation log, with the register of the nodes that follow it. Each method is one atomic step, unless it says
/// otherwise, and throws <see cref="SessionStoreUnavailableException"/> if the store is unavailable: the outcome is
/// unknown. Implemented by <c>RedisRevocationLog</c>.
/// </summary>
internal interface IRevocationLog
{
    /// <summary>Raised when the connection breaks on which leases are renewed.</summary>
    event Action? ConnectionLost;

    /// <summary>Acknowledges what the node applied, and reads the entries that follow.</summary>
    /// <param name="node">The node's id; empty to read only.</param>
    /// <param name="join">Whether the node joins the register; it must hold no lease.</param>
    /// <param name="applied">The last entry that the node applied.</param>
    Task<Renewal> RenewAsync(string node, bool join, LogPosition applied);

    /// <summary>Ends an account's sessions, or makes their claims stale, and appends the entry.</summary>
    /// <returns>The entry, and the number of sessions that ended.</returns>
    Task<(AppendedEntry Entry, int Ended)> RevokeAsync(RevocationRequest request);

    /// <summary>
    /// Raises the epoch to the request's number, which ends all sessions, and appends the entry. Two steps.
    /// </summary>
    /// <param name="request">The revocation of all sessions.</param>
    /// <param name="isIncluded">Whether a higher current epoch includes it: then only the entry is appended.</param>
    /// <returns>Null and the current epoch's number if that is as high and does not include this revocation.</returns>
    Task<(AppendedEntry? Entry, long Current)> RaiseEpochAsync(RevocationRequest request, bool isIncluded = false);

    /// <summary>The account's generation in the store.</summary>
    Task<long> GenerationAsync(AccountTag account);

    /// <summary>The number of live sessions, approximately.</summary>
    Task<long> CountSessionsAsync();

    /// <summary>Deletes the former epoch's index, and notifies all event streams. A failure is only logged.</summary>
    Task CleanUpAsync(long? formerEpoch, AccountTag? keptAccount);

    /// <returns>The nodes of the register; null if the log no longer has the entry, or is another one.</returns>
    Task<Dictionary<string, NodeState>?> CheckAsync(string id, AppendedEntry entry);

    /// <summary>Removes nodes from the register, unless they renewed since their state was read.</summary>
    Task RemoveAsync(IEnumerable<NodeState> nodes);

    /// <summary>Removes a node that stops.</summary>
    Task LeaveAsync(string node);

    /// <summary>The ids of all entries, oldest first. Several steps.</summary>
    Task<IReadOnlyList<string>> EntryIdsAsync(string incarnation);

    /// <summary>Takes the turn to recover, which one node does for all.</summary>
    /// <returns>The turn, which is extended until it is disposed; null if recovery is not up to this node.</returns>
    Task<(RecoveryState State, IRecoveryTurn? Turn)> TakeTurnAsync(string incarnation, string node);

    /// <summary>Receives messages until it is canceled, and reports that there may be new entries.</summary>
    Task ListenAsync(Action renew, CancellationToken cancellationToken);

    /// <summary>The next published entry, whatever its position; null if there is none.</summary>
    PublishedEntry? TakePublished();

    /// <summary>Collects the acknowledgements that are published from now on.</summary>
    IAcknowledgements CollectAcknowledgements();
}

/// <summary>Published acknowledgements. Some may be missing: messages can be lost.</summary>
internal interface IAcknowledgements : IDisposable
{
    /// <summary>Waits until all of the nodes have acknowledged an entry. Returns false if the time is over.</summary>
    Task<bool> WaitAsync(AppendedEntry entry, IReadOnlyCollection<string> nodes, TimeSpan timeout);

    /// <summary>The timestamp at which a node's acknowledgement of an entry was received; null if none was.</summary>
    long? ReceivedAt(AppendedEntry entry, string node);
}

/// <summary>The turn to recover.</summary>
internal interface IRecoveryTurn : IAsyncDisposable
{
    /// <summary>Whether the store is known to hold no sessions.</summary>
    bool IsStoreEmpty { get; }

    /// <summary>Applies revocations of accounts again, in one step.</summary>
    /// <returns>The requests that failed; null if the node lost its turn.</returns>
    Task<IReadOnlyList<RevocationRequest>?> RecoverAsync(IReadOnlyList<RevocationRequest> requests);

    /// <summary>Records that recovery is complete, and returns false if the node lost its turn.</summary>
    Task<bool> CompleteAsync();
}
