using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Revocation;

/// <summary>
/// Appends an entry and waits until every node has acknowledged it, or can no longer hold a lease. When the log lost
/// the entry, by a restart or a failover, it is appended again.
/// </summary>
internal sealed partial class AcknowledgementWaiter(
    IRevocationLog log, RevocationLogFollower follower, Lease lease, IOptions<SessionsOptions> options,
    TimeProvider clock, ILogger<AcknowledgementWaiter> logger)
{
    // Between two primaries, each attempt might be lost.
    private const int MaxAttempts = 5;
    // A published acknowledgement may be lost, so the register is read as well.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(50);

    /// <param name="id">The revocation's id.</param>
    /// <param name="append">Appends the entry; null gives up.</param>
    /// <returns>The acknowledgements and the time that they took; null if <paramref name="append"/> gave up.</returns>
    public async Task<(IReadOnlyList<NodeAcknowledgement> Nodes, TimeSpan Elapsed)?> AppendAndWaitAsync(
        string id, Func<Task<AppendedEntry?>> append)
    {
        var started = clock.GetTimestamp();
        using var published = log.CollectAcknowledgements();
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await append() is not { } entry)
                return null;
            if (await WaitAsync(id, entry, clock.GetTimestamp(), published) is { } nodes)
                return (nodes, clock.GetElapsedTime(started));
        }
        throw new SessionStoreUnavailableException("Redis lost the revocation's log entry each time.");
    }

    /// <returns>Null if the log lost the entry or the register, by a restart, a failover or a command.</returns>
    private async Task<IReadOnlyList<NodeAcknowledgement>?> WaitAsync(
        string id, AppendedEntry entry, long since, IAcknowledgements published)
    {
        var self = follower.Node;
        // A register that was lost names no nodes. A node that it names has held no lease before it joined.
        var isMember = self.Length > 0 && entry.Nodes.ContainsKey(self);
        var leases = entry.Nodes.Values.Select(node => node.Lease);
        var wait = Lease.Outlasts(leases.Append(options.Value.Lease).Append(entry.LongestLease).Max());
        var missing = new Dictionary<string, NodeState>(entry.Nodes);
        var acknowledged = new List<NodeAcknowledgement>();
        while (true)
        {
            var left = wait - clock.GetElapsedTime(since);
            var all = await published.WaitAsync(entry, [.. missing.Keys], left < CheckInterval ? left : CheckInterval);
            if (all && acknowledged.Count == 0 && IsRegisterComplete())
                return Sorted(missing.Values.Select(PublishedBy));
            var nodes = await log.CheckAsync(id, entry);
            if (nodes is null || isMember && !nodes.ContainsKey(self) && follower.Node == self)
                return null;
            var waited = clock.GetElapsedTime(since);
            foreach (var node in missing.Values.Where(node => !IsAwaited(nodes.GetValueOrDefault(node.Id))).ToList())
            {
                missing.Remove(node.Id);
                if (nodes.ContainsKey(node.Id))
                    acknowledged.Add(new(node.Name, waited));
            }
            if (missing.Count == 0 && IsRegisterComplete() || waited >= wait)
                break;
            if (missing.Count == 0)
                await Task.Delay(wait - waited, clock);
        }
        if (missing.Count > 0)
        {
            await log.RemoveAsync(missing.Values);
            acknowledged.AddRange(missing.Values.Select(node => new NodeAcknowledgement(node.Name, null)));
            NotAcknowledged(logger, id, string.Join(", ", missing.Values.Select(node => node.Name)));
        }
        return Sorted(acknowledged);

        // This node knows that only if it has followed the log for longer than any lease.
        bool IsRegisterComplete() => isMember && lease.HeldIn(entry.Incarnation) > wait;
        bool IsAwaited(NodeState? node) => node?.Acknowledged < entry.Number;
        NodeAcknowledgement PublishedBy(NodeState node) =>
            new(node.Name, clock.GetElapsedTime(since, published.ReceivedAt(entry, node.Id)!.Value));
    }

    private static IReadOnlyList<NodeAcknowledgement> Sorted(IEnumerable<NodeAcknowledgement> nodes) =>
        [.. nodes.OrderBy(node => node.Name, StringComparer.Ordinal)];

    [LoggerMessage(2, LogLevel.Warning,
        "Revocation {Id} was not acknowledged by {Nodes}. Without leases, they accept no session until they catch up.")]
    private static partial void NotAcknowledged(ILogger logger, string id, string nodes);
}
