namespace SessionWeb.Sessions;

/// <summary>The state of a node. Counters start with the node, and are at most a few seconds old.</summary>
public sealed record NodeStatus
{
    /// <summary>The node's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is the node that returned the list.</summary>
    public required bool IsThis { get; init; }

    /// <summary>The time since the node's last renewal.</summary>
    public required TimeSpan LastRenewalAge { get; init; }

    /// <summary>
    /// The length of its leases. A node that renewed longer ago accepts no session until it has caught up.
    /// </summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>The number of log entries that it has not acknowledged yet.</summary>
    public required long Behind { get; init; }

    /// <summary>The number of sessions in its cache.</summary>
    public int CachedSessions { get; init; }

    /// <summary>The number of requests that it answered from its cache.</summary>
    public long Hits { get; init; }

    /// <summary>The number of requests for which it read Redis.</summary>
    public long Reads { get; init; }

    /// <summary>The number of revocations that were requested on this node and acknowledged by all nodes.</summary>
    public long Revocations { get; init; }

    /// <summary>The median time to acknowledgement of the latest of them (at most 100); null without any.</summary>
    public TimeSpan? RevocationMedian { get; init; }

    /// <summary>The 99th percentile of the same.</summary>
    public TimeSpan? RevocationP99 { get; init; }
}
