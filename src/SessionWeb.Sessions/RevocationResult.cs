namespace SessionWeb.Sessions;

/// <summary>
/// The result of a revocation. Unless it is <see cref="Pending"/>, no node accepts any of the sessions in a request
/// that starts after the result was returned.
/// </summary>
/// <param name="Ended">The number of sessions that ended; an estimate for a revocation of all accounts.</param>
/// <param name="Nodes">
/// The nodes that might have had the sessions in their caches. Empty while it is pending, and with a store whose nodes
/// have no cache.
/// </param>
/// <param name="Pending">
/// Whether the store was unavailable. The revocation is recorded and will be applied when the store is available, at an
/// unknown time.
/// </param>
/// <param name="Elapsed">
/// The time from just before it was appended to the log until all nodes had acknowledged it or held no lease.
/// </param>
public sealed record RevocationResult(
    int Ended, IReadOnlyList<NodeAcknowledgement> Nodes, bool Pending, TimeSpan Elapsed)
{
    /// <summary>There was nothing to revoke.</summary>
    public static readonly RevocationResult None = new(0, [], false, TimeSpan.Zero);

    /// <summary>The revocation is pending.</summary>
    internal static readonly RevocationResult NotApplied = new(0, [], Pending: true, TimeSpan.Zero);

    /// <summary>In effect immediately, because every request reads the store.</summary>
    public static RevocationResult Immediate(int ended) => new(ended, [], false, TimeSpan.Zero);

    /// <summary>
    /// Two revocations of one request as one: pending if either is, with the nodes of the slower one.
    /// </summary>
    internal RevocationResult Combine(RevocationResult other)
    {
        var slower = other.Elapsed > Elapsed ? other : this;
        return new(Ended + other.Ended, slower.Nodes, Pending || other.Pending, slower.Elapsed);
    }
}

/// <summary>A node's acknowledgement of a revocation.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="AcknowledgedAfter">
/// The time until the node acknowledged; null if it did not respond. Its lease has expired since: it accepts no session
/// until it has caught up.
/// </param>
public sealed record NodeAcknowledgement(string Name, TimeSpan? AcknowledgedAfter);
