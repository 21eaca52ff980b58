using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions.Revocation;

/// <summary>The register of nodes as people may see it.</summary>
internal sealed class NodeRegistry(RevocationLog log, RevocationLogFollower heartbeat) : INodeRegistry
{
    public string? Problem => heartbeat.Problem;

    public async Task<IReadOnlyList<NodeStatus>> ListAsync(CancellationToken cancellationToken)
    {
        var (nodes, figures, head, now) = await log.RegisterAsync(cancellationToken);
        return [.. nodes.Select(node => NodeStatistics.AddTo(
            new()
            {
                Name = node.Name,
                IsThis = node.Id == heartbeat.Node,
                LastRenewalAge = now - node.At,
                Lease = node.Lease,
                Behind = head - node.Acknowledged,
            },
            figures.GetValueOrDefault(node.Id))).OrderBy(node => node.Name, StringComparer.Ordinal)];
    }
}
