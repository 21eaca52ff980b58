using System.Security.Cryptography;
using SessionWeb.Sessions.Caching;
using SessionWeb.Sessions.Revocation;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// The revocation log in Redis, and the register of the nodes that follow it. log.lua describes the keys.
/// <code>
/// renew     EVALSHA renew.lua     acknowledges, and reads the entries that follow
/// check     EVALSHA check.lua     reads who has acknowledged an entry
/// drop      EVALSHA drop.lua      removes nodes that did not respond
/// leave     EVALSHA leave.lua     removes a node that stops
/// revoke    EVALSHA revoke.lua    ends sessions and appends an entry; WAIT 1 with replicas
/// epoch     EVALSHA raise-epoch.lua  raises the epoch and appends an entry; WAIT 1 with replicas
/// turn      EVALSHA turn.lua      takes the turn to recover
/// recover   EVALSHA recover.lua   applies revocations of the journal, many in one step
/// messages  SUBSCRIBE sw:log sw:acked
/// </code>
/// </summary>
internal sealed class RedisRevocationLog(
    LogConnections connections, LogChannel channel, RedisServerCheck server, RedisSessions sessions,
    RedisArguments arguments, SessionCache cache) : IRevocationLog
{
    private const int MaxEntries = 1000;

    public event Action? ConnectionLost
    {
        add => connections.Reading.Lost += value;
        remove => connections.Reading.Lost -= value;
    }

    /// <summary>The identity that a script gives to a new log.</summary>
    public static string NewIdentity() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public async Task<Renewal> RenewAsync(string node, bool join, LogPosition applied)
    {
        // Checked beside the renewal, which it must not delay.
        var problem = server.ProblemAsync();
        var renewal = await EvaluateRenewAsync(node, join, applied, cache.Statistics.TakeDue(cache.Count));
        if (renewal.IsSame)
            return renewal with { Problem = await problem };
        // A node that has just started has nothing to restore.
        if (applied != LogPosition.Unknown)
            await server.RestoreAsync();
        return renewal with { Problem = await server.CheckAsync() };
    }

    public async Task<(AppendedEntry Entry, int Ended)> RevokeAsync(RevocationRequest request)
    {
        var account = request.Account!.Value;
        var (entry, ended) = await connections.Writing.RunAsync(async redis =>
        {
            var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
                RedisScripts.Revoke, [.. RedisKeys.Log, RedisKeys.Account(account)],
                [.. arguments.Common(), NewIdentity(), arguments.GenerationMs, .. RedisArguments.Revoke(request)]))!;
            return (await ReplicatedAsync(redis, reply), (string[])reply[5]!);
        });
        sessions.RemoveFromIndex(account, ended);
        return (entry, ended.Length);
    }

    public Task<(AppendedEntry? Entry, long Current)> RaiseEpochAsync(
        RevocationRequest request, bool isIncluded = false) =>
        connections.Writing.RunAsync(async redis =>
        {
            var epoch = request.Generation!.Value;
            if (request is { KeptAccount: { } account, KeptHandle: { } handle })
                await sessions.KeepAsync(account, handle, epoch);
            var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
                RedisScripts.RaiseEpoch, RedisKeys.Log,
                [NewIdentity(), request.Id, epoch, SessionRecord.Write(request.End), isIncluded ? 1 : 0]))!;
            return (long)reply[0] == 0
                ? (null, (long)reply[1])
                : ((AppendedEntry?)await ReplicatedAsync(redis, reply), epoch);
        });

    public Task<long> GenerationAsync(AccountTag account) => sessions.GenerationAsync(account);

    public Task<long> CountSessionsAsync() => sessions.CountAsync();

    public Task CleanUpAsync(long? formerEpoch, AccountTag? keptAccount) =>
        sessions.ResetIndexAsync(formerEpoch, keptAccount);

    public Task<Dictionary<string, NodeState>?> CheckAsync(string id, AppendedEntry entry) =>
        connections.Reading.RunAsync(async redis =>
        {
            var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
                RedisScripts.Check, RedisKeys.Log, [NewIdentity(), entry.Number, id, entry.Incarnation]))!;
            return (long)reply[0] == 1 ? LogFormat.ReadNodes(reply[1]) : null;
        });

    public Task RemoveAsync(IEnumerable<NodeState> nodes) =>
        connections.Reading.RunAsync(redis => redis.ScriptEvaluateAsync(
            RedisScripts.Drop, RedisKeys.Log,
            [.. nodes.SelectMany(node => new RedisValue[] { node.Id, node.Stored })]));

    public Task LeaveAsync(string node) =>
        connections.Reading.RunAsync(redis => redis.ScriptEvaluateAsync(RedisScripts.Leave, RedisKeys.Log, [node]));

    public async Task<IReadOnlyList<string>> EntryIdsAsync(string incarnation)
    {
        var ids = new List<string>();
        var first = await EvaluateRenewAsync("", join: false, LogPosition.Unknown, "");
        for (var position = new LogPosition(first.First - 1, "", incarnation); ;)
        {
            var renewal = await EvaluateRenewAsync("", join: false, position, "");
            if (!renewal.IsSame)
                throw new SessionStoreUnavailableException("Redis restarted during the recovery of revocations.");
            foreach (var (number, entry) in renewal.Entries)
            {
                ids.Add(entry.Id);
                position = new(number, entry.Id, incarnation);
            }
            if (position.Number >= renewal.Head)
                return ids;
        }
    }

    public async Task<(RecoveryState State, IRecoveryTurn? Turn)> TakeTurnAsync(string incarnation, string node)
    {
        var (state, isEmpty) = await EvaluateTurnAsync(incarnation, node, isComplete: false);
        return (state, state == RecoveryState.OwnTurn ? new RedisRecoveryTurn(this, incarnation, node, isEmpty) : null);
    }

    /// <summary>Takes or extends the turn, or reports that recovery is complete.</summary>
    public Task<(RecoveryState State, bool IsEmpty)> EvaluateTurnAsync(
        string incarnation, string node, bool isComplete) =>
        connections.Writing.RunAsync(async redis =>
        {
            var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
                RedisScripts.Turn, RedisKeys.Log,
                [NewIdentity(), incarnation, node, RedisRecoveryTurn.LengthMs, isComplete ? 1 : 0]))!;
            return ((RecoveryState)(int)reply[0], (long)reply[1] == 1);
        });

    /// <inheritdoc cref="IRecoveryTurn.RecoverAsync"/>
    public Task<IReadOnlyList<RevocationRequest>?> RecoverAsync(
        IReadOnlyList<RevocationRequest> requests, string incarnation, string node) =>
        connections.Writing.RunAsync(async redis =>
        {
            var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
                RedisScripts.Recover,
                [.. RedisKeys.Log, .. requests.Select(request => RedisKeys.Account(request.Account!.Value))],
                [
                    .. arguments.Common(), NewIdentity(), arguments.GenerationMs, incarnation, node,
                    RedisRecoveryTurn.LengthMs, .. requests.SelectMany(RedisArguments.Revoke),
                ]))!;
            return (long)reply[0] == 0
                ? null
                : (IReadOnlyList<RevocationRequest>?)[.. ((long[])reply[1]!).Select(i => requests[(int)i])];
        });

    public Task ListenAsync(Action renew, CancellationToken cancellationToken) =>
        channel.ListenAsync(renew, cancellationToken);

    public PublishedEntry? TakePublished() => channel.Take();

    public IAcknowledgements CollectAcknowledgements() => channel.CollectAcknowledgements();

    private Task<Renewal> EvaluateRenewAsync(string node, bool join, LogPosition applied, string statistics) =>
        connections.Reading.RunAsync(async redis =>
            LogFormat.ReadRenewal((RedisResult[])(await redis.ScriptEvaluateAsync(
                RedisScripts.Renew, RedisKeys.Log,
                [
                    NewIdentity(), node, join ? 1 : 0, arguments.LeaseMs, applied.Number, applied.Id,
                    applied.Incarnation, MaxEntries, statistics,
                ]))!));

    // A replica that takes over without the entry has another incarnation. With the entry, there is nothing to recover.
    private static async Task<AppendedEntry> ReplicatedAsync(IDatabase redis, RedisResult[] reply)
    {
        var (entry, hasReplicas) = LogFormat.ReadAppended(reply);
        if (hasReplicas)
            await redis.ExecuteAsync("WAIT", 1, 100);
        return entry;
    }
}
