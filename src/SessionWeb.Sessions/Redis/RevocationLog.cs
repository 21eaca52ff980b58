using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Revocation;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>
/// The log of revocations in Redis, and the register of the nodes that follow it; log.lua describes the keys.
/// <code>
/// renew     EVALSHA renew.lua     says what was applied, gets what came since                  connection 1
/// revoke    EVALSHA revoke.lua    ends sessions and appends an entry; WAIT 1 with replicas     connection 2
/// everyone  EVALSHA everyone.lua  raises the epoch and appends an entry                        connection 2
/// check     EVALSHA check.lua     is the entry there, and who has acknowledged                 connection 1
/// turn      EVALSHA turn.lua      one node replays the journal for all                         connection 2
/// recover   EVALSHA recover.lua   replays revocations of the journal, many in one step         connection 2
/// drop      EVALSHA drop.lua      removes nodes that did not answer
/// leave     EVALSHA leave.lua     removes a node that is not to be waited for
/// register  EVALSHA register.lua  the nodes, for administrators
/// news      SUBSCRIBE sw:log sw:acked
/// </code>
/// Neither connection is the one on which sessions are read: a renewal is never behind a large answer, nor behind a WAIT.
/// </summary>
internal sealed class RevocationLog : IDisposable
{
    private const int MostEntries = 1000;

    private readonly RedisSessions _sessions;
    private readonly IOptions<SessionsOptions> _options;
    private readonly RedisConnection _reading;
    private readonly RedisConnection _writing;

    public RevocationLog(
        RedisSessions sessions, ConfigurationOptions configuration, IOptions<SessionsOptions> options, TimeProvider clock, ILogger<RedisConnection> logger)
    {
        (_sessions, _options) = (sessions, options);
        _reading = new(configuration, options, clock, logger);
        _writing = new(configuration, options, clock, logger);
        _reading.Suspected += _writing.Check;
    }

    /// <summary>Raised when the connection breaks on which leases are renewed.</summary>
    public event Action? Lost
    {
        add => _reading.Lost += value;
        remove => _reading.Lost -= value;
    }

    /// <summary>The identity of a log that a script makes if there is none.</summary>
    public static string NewIdentity() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <param name="node">The node; empty for one that only looks.</param>
    /// <param name="join">Whether it joins the register; it must hold no lease then.</param>
    /// <param name="applied">Up to where the log was applied.</param>
    /// <param name="figures">What the node counts; empty for not now.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<Renewal> RenewAsync(string node, bool join, LogPosition applied, string figures, CancellationToken cancellationToken) => _reading.RunAsync(async redis =>
    {
        var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
            RedisScripts.Renew, RedisKeys.Log,
            [
                NewIdentity(), node, join ? 1 : 0, (long)_options.Value.Lease.TotalMilliseconds, applied.Number, applied.Id, applied.Incarnation, MostEntries,
                figures,
            ]))!;
        var entries = reply[7..].Chunk(2).Select(row => (Number: (long)row[1], Entry: LogEntry.Parse((string)row[0]!))).ToList();
        return new Renewal(
            (string)reply[0]!, (long)reply[1] == 1, (long)reply[2] == 1, new((long)reply[3], (string)reply[4]!), (long)reply[5], (long)reply[6], entries);
    }, cancellationToken);

    /// <summary>Ends sessions of an account, or makes their claims stale, and appends that to the log, as one step.</summary>
    /// <param name="intent">Of one account. Without a generation, a revocation of all of its sessions has the account's next one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The entry, and how many sessions ended.</returns>
    public async Task<(AppendedEntry Appended, int Ended)> RevokeAsync(RevocationRequest intent, CancellationToken cancellationToken)
    {
        var account = intent.Account!.Value;
        var (appended, ended) = await _writing.RunAsync(async redis =>
        {
            var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
                RedisScripts.Revoke, [.. RedisKeys.Log, RedisKeys.Account(account)],
                [.. _sessions.Common(), NewIdentity(), _sessions.GenerationMs, .. Arguments(intent)]))!;
            return (await ReplicatedAsync(redis, ReadAppended(reply)), (string[])reply[5]!);
        }, cancellationToken);
        _sessions.RemoveFromIndex(account, ended);
        return (appended, ended.Length);
    }

    /// <summary>Raises the epoch, which ends everyone's sessions of earlier ones.</summary>
    /// <param name="id">The revocation's id.</param>
    /// <param name="everyone">The epoch to raise to.</param>
    /// <param name="isIncluded">Whether a higher epoch that there is includes this one: only an entry is appended then.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Null and the epoch that there is, if it is as high, and does not include this one.</returns>
    public Task<(AppendedEntry? Appended, long Taken)> RaiseEpochAsync(
        string id, Epoch everyone, bool isIncluded, CancellationToken cancellationToken) => _writing.RunAsync(async redis =>
    {
        var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
            RedisScripts.Everyone, RedisKeys.Log, [NewIdentity(), id, everyone.Number, everyone.End, isIncluded ? 1 : 0]))!;
        return (long)reply[0] == 0 ? (null, (long)reply[1]) : ((AppendedEntry?)await ReplicatedAsync(redis, ReadAppended(reply)), everyone.Number);
    }, cancellationToken);

    /// <returns>What the nodes said last; null if the entry is not there, or the log is another one.</returns>
    public Task<Dictionary<string, NodeState>?> CheckAsync(string id, AppendedEntry appended, CancellationToken cancellationToken) => _reading.RunAsync(async redis =>
    {
        var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
            RedisScripts.Check, RedisKeys.Log, [NewIdentity(), appended.Number, id, appended.Incarnation]))!;
        return (long)reply[0] == 1 ? Nodes(reply[1]) : null;
    }, cancellationToken);

    /// <summary>Takes the turn to replay the journal, or says that it is finished.</summary>
    public Task<(RecoveryTurn Turn, bool IsEmpty)> TakeTurnAsync(string incarnation, string node, TimeSpan length, bool finished, CancellationToken cancellationToken) =>
        _writing.RunAsync(async redis =>
        {
            var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
                RedisScripts.Turn, RedisKeys.Log, [NewIdentity(), incarnation, node, (long)length.TotalMilliseconds, finished ? 1 : 0]))!;
            return (Enum.Parse<RecoveryTurn>((string)reply[0]!, ignoreCase: true), (long)reply[1] == 1);
        }, cancellationToken);

    /// <summary>Replays revocations of accounts, as one step, while it is the node's turn.</summary>
    /// <returns>Those that failed; null if it is not the node's turn any more.</returns>
    public Task<IReadOnlyList<RevocationRequest>?> RecoverAsync(
        IReadOnlyList<RevocationRequest> intents, string incarnation, string node, TimeSpan turn, CancellationToken cancellationToken) => _writing.RunAsync(async redis =>
        {
            var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
                RedisScripts.Recover, [.. RedisKeys.Log, .. intents.Select(intent => RedisKeys.Account(intent.Account!.Value))],
                [.. _sessions.Common(), NewIdentity(), _sessions.GenerationMs, incarnation, node, (long)turn.TotalMilliseconds, .. intents.SelectMany(Arguments)]))!;
            return (long)reply[0] == 0 ? null : (IReadOnlyList<RevocationRequest>?)[.. ((long[])reply[1]!).Select(i => intents[(int)i])];
        }, cancellationToken);

    public Task DropAsync(IEnumerable<NodeState> nodes, CancellationToken cancellationToken) => _reading.RunAsync(
        redis => redis.ScriptEvaluateAsync(RedisScripts.Drop, RedisKeys.Log, [.. nodes.SelectMany(node => new RedisValue[] { node.Id, node.Said })]), cancellationToken);

    public Task LeaveAsync(string node, CancellationToken cancellationToken) =>
        _reading.RunAsync(redis => redis.ScriptEvaluateAsync(RedisScripts.Leave, RedisKeys.Log, [node]), cancellationToken);

    /// <summary>The nodes, what they count by their ids, the number of the latest entry, and Redis' time.</summary>
    public Task<(IReadOnlyCollection<NodeState> Nodes, Dictionary<string, string> Figures, long Head, DateTimeOffset Now)> RegisterAsync(
        CancellationToken cancellationToken) => _reading.RunAsync(async redis =>
        {
            var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(RedisScripts.Register, RedisKeys.Log))!;
            return (
                (IReadOnlyCollection<NodeState>)Nodes(reply[0]).Values,
                ((string[])reply[1]!).Chunk(2).ToDictionary(field => field[0], field => field[1]),
                (long)reply[2],
                DateTimeOffset.FromUnixTimeMilliseconds((long)reply[3]));
        }, cancellationToken);

    /// <summary>Reports new entries and acknowledgements as they are published. Messages may be lost: then they are found by reading the log.</summary>
    /// <param name="appended">Gets an entry, or null where the log has to be read.</param>
    /// <param name="acknowledged">Gets up to where a node has applied the log.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task ListenAsync(Action<PublishedEntry?> appended, Action<PublishedAcknowledgement> acknowledged, CancellationToken cancellationToken) => Task.WhenAll(
        ForEachAsync(RedisKeys.Appended, message => appended(PublishedEntry.TryParse(message)), cancellationToken),
        ForEachAsync(RedisKeys.Acknowledged, message =>
        {
            if (PublishedAcknowledgement.TryParse(message) is { } acknowledgement)
                acknowledged(acknowledgement);
        }, cancellationToken));

    /// <summary>What makes this Redis unfit, in one sentence; null if nothing does.</summary>
    public Task<string?> ProblemAsync(CancellationToken cancellationToken) => _reading.RunAsync(async redis =>
    {
        var memory = ((string)(await redis.ScriptEvaluateAsync("#!lua\nreturn redis.call('INFO', 'memory')"))!).Split("\r\n");
        var policy = memory.FirstOrDefault(line => line.StartsWith("maxmemory_policy:", StringComparison.Ordinal))?.Split(':')[1];
        return memory.Contains("maxmemory:0") || policy is null or "noeviction"
            ? null
            : $"Redis has maxmemory-policy {policy}, with which it drops sessions and revocations when it is full; it takes noeviction.";
    }, cancellationToken);

    public void Dispose()
    {
        _reading.Dispose();
        _writing.Dispose();
    }

    /// <param name="parts">What the scripts' function <c>appended</c> returns.</param>
    public static AppendedEntry ReadAppended(RedisResult[] parts) =>
        new((long)parts[0], (string)parts[1]!, Nodes(parts[3]), TimeSpan.FromMilliseconds((long)parts[4]), (long)parts[2] > 0);

    // A replica that takes over without the entry is noticed as another incarnation; with it, nothing need be replayed.
    private static async Task<AppendedEntry> ReplicatedAsync(IDatabase redis, AppendedEntry appended)
    {
        if (appended.HasReplicas)
            await redis.ExecuteAsync("WAIT", 1, 100);
        return appended;
    }

    private async Task ForEachAsync(string channel, Action<string> act, CancellationToken cancellationToken)
    {
        await foreach (var message in _reading.ListenAsync(channel, cancellationToken))
            act(message ?? "");
    }

    private static RedisValue[] Arguments(RevocationRequest intent) =>
    [
        intent.Id, intent.Account!.Value.Value, intent.Handle ?? "", intent.KeptHandle ?? "", intent.Generation?.ToString() ?? "",
        intent.ClaimsVersion?.ToString() ?? "", SessionRecord.Write(intent.End),
    ];

    private static Dictionary<string, NodeState> Nodes(RedisResult hash) =>
        ((string[])hash!).Chunk(2).Select(field => NodeState.Parse(field[0], field[1])).ToDictionary(node => node.Id);
}

/// <summary>Whose turn it is to replay the journal.</summary>
internal enum RecoveryTurn
{
    /// <summary>Nobody's: it was done in this incarnation.</summary>
    Done,

    /// <summary>The one's that asked.</summary>
    Mine,

    /// <summary>Another node's.</summary>
    Other,

    /// <summary>The log is another one than the one that was asked about.</summary>
    Changed,
}

/// <summary>An entry of the log, in a Redis of this incarnation: run id, replication id and the log's identity.</summary>
internal sealed record LogPosition(long Number, string Id, string Incarnation)
{
    public static readonly LogPosition Unknown = new(0, "", "");
}

/// <summary>What a renewal brought.</summary>
/// <param name="Incarnation">The log that answered.</param>
/// <param name="IsSame">Whether it is the one that the node knew, without a gap. If not, nothing else was done.</param>
/// <param name="IsMember">Whether the node is in the register.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Head">The number of the newest entry.</param>
/// <param name="First">The number of the oldest entry that is still there.</param>
/// <param name="Entries">What came after the node's last entry, as far as it fits.</param>
internal sealed record Renewal(
    string Incarnation, bool IsSame, bool IsMember, Epoch Epoch, long Head, long First, IReadOnlyList<(long Number, LogEntry Entry)> Entries);

/// <summary>An entry that was appended.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Incarnation">The log in which it is.</param>
/// <param name="Nodes">The nodes that have to acknowledge it.</param>
/// <param name="LongestLease">The longest lease of any node since the log was made.</param>
/// <param name="HasReplicas">Whether the Redis has replicas.</param>
internal sealed record AppendedEntry(long Number, string Incarnation, Dictionary<string, NodeState> Nodes, TimeSpan LongestLease, bool HasReplicas);

/// <summary>A node's entry in the register.</summary>
/// <param name="Id">The node: its name, a colon, and something that is its own.</param>
/// <param name="Said">The entry as it is stored.</param>
/// <param name="Acknowledged">Up to where it has applied the log.</param>
/// <param name="At">When it renewed, by Redis' clock.</param>
/// <param name="Lease">How long its leases are.</param>
internal sealed record NodeState(string Id, string Said, long Acknowledged, DateTimeOffset At, TimeSpan Lease)
{
    public string Name => Id[..Id.LastIndexOf(':')];

    /// <remarks>Later versions may write further fields.</remarks>
    public static NodeState Parse(string id, string said) => said.Split(' ') is ["1", var acknowledged, _, var at, var lease, ..]
        ? new(id, said, long.Parse(acknowledged), DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at)), TimeSpan.FromMilliseconds(long.Parse(lease)))
        : throw new SessionStoreUnavailableException($"The register of nodes holds an entry of another format for {id}: {said}");
}
