namespace SessionWeb.Sessions;

/// <summary>The nodes that share the sessions. Registered with <see cref="SessionsBuilder.UseRedis"/>.</summary>
public interface INodeRegistry
{
    /// <summary>
    /// What makes the store unfit, so that this node accepts nobody, in one sentence; null if nothing does.
    /// </summary>
    string? Problem { get; }

    /// <summary>
    /// The nodes that follow the revocations, by name; one that died is among them until a revocation has waited for
    /// it.
    /// </summary>
    /// <exception cref="SessionStoreUnavailableException">Redis cannot be used.</exception>
    Task<IReadOnlyList<NodeStatus>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>What is known of a node. Figures count since its start, and are at most some seconds old.</summary>
public sealed record NodeStatus
{
    /// <summary>The node's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is the one that was asked.</summary>
    public required bool IsThis { get; init; }

    /// <summary>How long ago it was heard of.</summary>
    public required TimeSpan LastRenewalAge { get; init; }

    /// <summary>
    /// How long its leases are. Not heard of for longer than that, it accepts nobody until it has caught up.
    /// </summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>How many revocations it has not acknowledged yet.</summary>
    public required long Behind { get; init; }

    /// <summary>How many sessions it remembers.</summary>
    public int CachedSessions { get; init; }

    /// <summary>How many requests it has answered from memory.</summary>
    public long Hits { get; init; }

    /// <summary>How many requests it has asked Redis for.</summary>
    public long Reads { get; init; }

    /// <summary>How many revocations it has carried out.</summary>
    public long Revocations { get; init; }

    /// <summary>
    /// How long its latest revocations (100 at most) took to be acknowledged: the median; null without any.
    /// </summary>
    public TimeSpan? RevocationMedian { get; init; }

    /// <summary>The same, the 99th of a hundred.</summary>
    public TimeSpan? RevocationP99 { get; init; }
}
