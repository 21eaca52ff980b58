using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Redis;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Revoking;

/// <summary>
/// The log of revocations in Redis, and the register of the nodes that follow it; log.lua describes the keys.
/// <code>
/// renew    EVALSHA renew.lua     says what was applied, hears what came since           connection 1
/// append   EVALSHA append.lua    a new entry, told to the nodes; WAIT 1 with replicas   connection 2
/// check    EVALSHA check.lua     is the entry there, and who has acknowledged           connection 1
/// drop     EVALSHA drop.lua      forgets nodes that said nothing since
/// leave    EVALSHA leave.lua     forgets a node that is not to be waited for
/// register EVALSHA register.lua  the nodes, for people to see
/// news     SUBSCRIBE {swrev}:log {swrev}:acked
/// </code>
/// Neither connection is the one on which sessions are read: a renewal is never behind a large answer, nor behind a WAIT.
/// </summary>
internal sealed class RevocationLog(
    ConfigurationOptions configuration, IOptions<SessionsOptions> options, TimeProvider clock, ILogger<RedisConnection> logger) : IDisposable
{
    private const int MostEntries = 1000;

    // Longer than what is looked for in it, by clocks that may differ.
    private static readonly TimeSpan Kept = NearCache.Window + TimeSpan.FromMinutes(5);

    private static readonly string RenewScript = Load("renew");
    private static readonly string AppendScript = Load("append");
    private static readonly string CheckScript = Load("check");
    private static readonly string DropScript = Load("drop");
    private static readonly string LeaveScript = Load("leave");
    private static readonly string RegisterScript = Load("register");
    private static readonly RedisKey[] Keys = ["{swrev}:seq", "{swrev}:log", "{swrev}:nodes", "{swrev}:all", "{swrev}:fig"];

    private readonly RedisConnection _reading = new(configuration, options, clock, logger);
    private readonly RedisConnection _writing = new(configuration, options, clock, logger);

    /// <summary>Raised when the connection breaks on which leases are renewed.</summary>
    public event Action? Lost
    {
        add => _reading.Lost += value;
        remove => _reading.Lost -= value;
    }

    /// <param name="node">The node; empty for one that remembers nothing, and is not to be waited for.</param>
    /// <param name="applied">Up to where the log was applied.</param>
    /// <param name="figures">What the node counts; empty for not now.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<Renewal> RenewAsync(string node, LogPosition applied, string figures, CancellationToken cancellationToken) => _reading.RunAsync(async redis =>
    {
        var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
            RenewScript, Keys,
            [node, (long)options.Value.Lease.TotalMilliseconds, applied.Number, applied.Id, applied.Incarnation, MostEntries, figures]))!;
        var entries = reply[5..].Chunk(2).Select(row => (Number: (long)row[1], Entry: LogEntry.Parse((string)row[0]!))).ToList();
        return new Renewal((string)reply[0]!, (long)reply[1] == 1, new((long)reply[2], (string)reply[3]!), (long)reply[4], entries);
    }, cancellationToken);

    /// <returns>The number is 0 if everyone's generation is taken; the log is as it was then.</returns>
    public Task<Appended> AppendAsync(LogEntry entry, Everyone? everyone, CancellationToken cancellationToken) => _writing.RunAsync(async redis =>
    {
        var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(
            AppendScript, Keys,
            [entry.Id, entry.ToString(), everyone?.Generation.ToString() ?? "", everyone?.Ending ?? "", (long)Kept.TotalMilliseconds]))!;
        if ((long)reply[0] == 0)
            return new Appended(0, "", [], (long)reply[1]);
        // A replica that takes over without the entry is noticed as another incarnation; with it, nothing need be done again.
        if ((long)reply[2] > 0)
            await redis.ExecuteAsync("WAIT", 1, 100);
        return new Appended((long)reply[0], (string)reply[1]!, Nodes(reply[3]), 0);
    }, cancellationToken);

    /// <returns>What the nodes said last; null if the entry is not there, or the log is another one.</returns>
    public Task<Dictionary<string, NodeState>?> CheckAsync(string id, Appended appended, CancellationToken cancellationToken) => _reading.RunAsync(async redis =>
    {
        var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(CheckScript, Keys, [appended.Number, id, appended.Incarnation]))!;
        return (long)reply[0] == 1 ? Nodes(reply[1]) : null;
    }, cancellationToken);

    public Task DropAsync(IEnumerable<NodeState> nodes, CancellationToken cancellationToken) => _reading.RunAsync(
        redis => redis.ScriptEvaluateAsync(DropScript, Keys, [.. nodes.SelectMany(node => new RedisValue[] { node.Id, node.Said })]), cancellationToken);

    public Task LeaveAsync(string node, CancellationToken cancellationToken) =>
        _reading.RunAsync(redis => redis.ScriptEvaluateAsync(LeaveScript, Keys, [node]), cancellationToken);

    /// <summary>The nodes, what they count by their ids, the number of the latest entry, and Redis' time.</summary>
    public Task<(IReadOnlyCollection<NodeState> Nodes, Dictionary<string, string> Figures, long Head, DateTimeOffset Now)> RegisterAsync(
        CancellationToken cancellationToken) => _reading.RunAsync(async redis =>
        {
            var reply = (RedisResult[])(await redis.ScriptEvaluateAsync(RegisterScript, Keys))!;
            return (
                (IReadOnlyCollection<NodeState>)Nodes(reply[0]).Values,
                ((string[])reply[1]!).Chunk(2).ToDictionary(field => field[0], field => field[1]),
                (long)reply[2],
                DateTimeOffset.FromUnixTimeMilliseconds((long)reply[3]));
        }, cancellationToken);

    /// <summary>Tells of new entries and of acknowledgements, as long as it can; whoever needs to know looks anyway, only later.</summary>
    public async Task ListenAsync(Action appended, Action acknowledged, CancellationToken cancellationToken) => await Task.WhenAll(
        ForEachAsync("{swrev}:log", appended, cancellationToken), ForEachAsync("{swrev}:acked", acknowledged, cancellationToken));

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

    private async Task ForEachAsync(string channel, Action told, CancellationToken cancellationToken)
    {
        await foreach (var _ in _reading.ListenAsync(channel, cancellationToken))
            told();
    }

    private static Dictionary<string, NodeState> Nodes(RedisResult hash) =>
        ((string[])hash!).Chunk(2).Select(field => NodeState.Parse(field[0], field[1])).ToDictionary(node => node.Id);

    // Revocations are carried out by a Redis that is full, too.
    private static string Load(string name) => $"#!lua flags=allow-oom\n{Text("log")}\n{Text(name)}";

    private static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"SessionWeb.Sessions.Revoking.{name}.lua")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>An entry of the log, in a Redis of this incarnation: run id and replication id.</summary>
internal sealed record LogPosition(long Number, string Id, string Incarnation)
{
    public static readonly LogPosition Unknown = new(0, "", "");
}

/// <summary>What a renewal brought.</summary>
/// <param name="Incarnation">The Redis that answered.</param>
/// <param name="IsSame">Whether it is the one, with the log, that the node knew. If not, nothing else was done.</param>
/// <param name="Everyone">Everyone's generation.</param>
/// <param name="Head">The number of the latest entry.</param>
/// <param name="Entries">What came after the node's last entry, as far as it fits.</param>
internal sealed record Renewal(string Incarnation, bool IsSame, Everyone Everyone, long Head, IReadOnlyList<(long Number, LogEntry Entry)> Entries);

/// <summary>An entry that was appended.</summary>
/// <param name="Number">Its number; 0 if it was not.</param>
/// <param name="Incarnation">The Redis in which it is.</param>
/// <param name="Nodes">The nodes that must hear of it.</param>
/// <param name="Taken">The generation of everyone that somebody else took, if it was not appended.</param>
internal sealed record Appended(long Number, string Incarnation, Dictionary<string, NodeState> Nodes, long Taken);

/// <summary>What a node said last.</summary>
/// <param name="Id">The node: its name, a colon, and something that is its own.</param>
/// <param name="Said">Its words.</param>
/// <param name="Acknowledged">Up to where it has applied the log.</param>
/// <param name="At">When it said so, by Redis' clock.</param>
/// <param name="Lease">How long its leases are.</param>
internal sealed record NodeState(string Id, string Said, long Acknowledged, DateTimeOffset At, TimeSpan Lease)
{
    public string Name => Id[..Id.LastIndexOf(':')];

    public static NodeState Parse(string id, string said) => said.Split(':') is [var acknowledged, _, var at, var lease]
        ? new(id, said, long.Parse(acknowledged), DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at)), TimeSpan.FromMilliseconds(long.Parse(lease)))
        : throw new SessionStoreUnavailableException("The register of nodes holds something that is not a node.");
}
