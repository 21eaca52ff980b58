using SessionWeb.Sessions.Caching;
using SessionWeb.Sessions.Revocation;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>Reads the register of nodes for administrators: EVALSHA nodes.lua.</summary>
internal sealed class RedisNodeRegister(LogConnections connections, RevocationLogFollower follower) : INodeRegister
{
    public string? Problem => follower.Problem;

    public Task<IReadOnlyList<NodeStatus>> ListAsync(CancellationToken cancellationToken) =>
        connections.Reading.RunAsync(async redis =>
        {
            var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(RedisScripts.ReadNodes, RedisKeys.Log))!;
            var statistics = ((string[])reply[1]!).Chunk(2).ToDictionary(field => field[0], field => field[1]);
            var head = (long)reply[2];
            var now = DateTimeOffset.FromUnixTimeMilliseconds((long)reply[3]);
            var nodes = LogFormat.ReadNodes(reply[0]).Values.OrderBy(node => node.Name, StringComparer.Ordinal);
            return (IReadOnlyList<NodeStatus>)[.. nodes.Select(node => NodeStatistics.AddTo(
                new()
                {
                    Name = node.Name,
                    IsThis = node.Id == follower.Node,
                    LastRenewalAge = now - node.RenewedAt,
                    Lease = node.Lease,
                    Behind = head - node.Acknowledged,
                },
                statistics.GetValueOrDefault(node.Id)))];
        }, cancellationToken);
}
