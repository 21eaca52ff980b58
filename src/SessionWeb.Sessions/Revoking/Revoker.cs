using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions.Revoking;

/// <summary>
/// Ends sessions, strictly: what it answers is in effect on every node. The intent is written down first; then the sessions are deleted and
/// the log says so (<see cref="Erasure"/>); then it waits until every node has acknowledged that, or cannot hold a lease any more.
/// </summary>
internal sealed partial class Revoker(
    Erasure erasure, RedisSessions sessions, RevocationLog log, Heartbeat heartbeat, Lease lease, CurrentEveryone everyone, NodeFigures figures, ProtocolRules rules,
    IServiceProvider services, IOptions<SessionsOptions> options, TimeProvider clock, ILogger<Revoker> logger)
{
    // A message that tells of an acknowledgement may be lost.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>A generation of everyone that nobody has yet, as far as is known here.</summary>
    public long NextGeneration => Math.Max(everyone.Value.Generation + 1, clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <exception cref="SessionStoreUnavailableException">Redis cannot be used, and there is nowhere to write the intent down.</exception>
    public async Task<Revocation> RevokeAsync(RevocationIntent intent, CancellationToken cancellationToken)
    {
        if (services.GetService<IRevocationIntents>() is not { } intents)
            return await CarryOutAsync(intent, cancellationToken);
        await intents.AddAsync(intent, cancellationToken);
        return await ApplyAsync(intent);
    }

    /// <summary>Applies a recorded revocation. It does not listen to the caller's cancellation: what is recorded is meant.</summary>
    public async Task<Revocation> ApplyAsync(RevocationIntent intent)
    {
        var started = clock.GetTimestamp();
        try
        {
            return await CarryOutAsync(intent, CancellationToken.None);
        }
        catch (SessionStoreUnavailableException failure)
        {
            IsPending(logger, intent.Id, failure);
            return new(0, [], Pending: true, clock.GetElapsedTime(started));
        }
    }

    /// <summary>Has the nodes forget sessions that were ended already, and waits until they have.</summary>
    public async Task AnnounceAsync(AccountTag account, IReadOnlyList<string> handles, CancellationToken cancellationToken)
    {
        var id = NewId();
        await WaitAsync(id, () => erasure.TellAsync(new(id, account, null, handles), cancellationToken), cancellationToken);
    }

    /// <summary>Carries an intent out, once more if need be.</summary>
    public async Task<Revocation> CarryOutAsync(RevocationIntent intent, CancellationToken cancellationToken)
    {
        // Everyone's generation must be known before the next one is chosen; of an account nothing is.
        if (intent.Account is null)
            await heartbeat.CatchUpAsync(cancellationToken);
        var started = clock.GetTimestamp();
        var before = everyone.Value.Generation;
        var ended = 0;
        var nodes = await WaitAsync(intent.Id, async () =>
        {
            var (count, appended, carriedOut) = await erasure.CarryOutAsync(intent, cancellationToken);
            (ended, intent) = (Math.Max(ended, count), carriedOut);
            return appended;
        }, cancellationToken);
        var revocation = new Revocation(ended, nodes, Pending: false, clock.GetElapsedTime(started));
        figures.Revoked(revocation.Elapsed);
        if (intent.Account is null)
            // Carried out once more, it finds its own generation there, whose list has begun already.
            await sessions.BeginAnewAsync(before < intent.Generation ? before : null, intent.KeepAccount, cancellationToken);
        if (services.GetService<IRevocationIntents>() is { } intents)
            await intents.AcknowledgedAsync(intent, cancellationToken);
        IsAcknowledged(logger, intent.Id, ended, nodes.Count(node => node.AckedAfter is not null), nodes.Count, revocation.Elapsed.TotalMilliseconds);
        return revocation;
    }

    private async Task<IReadOnlyList<NodeAcknowledgement>> WaitAsync(string id, Func<Task<Appended>> append, CancellationToken cancellationToken)
    {
        // Not disposed of: somebody may be about to tell of news when nobody waits any more.
        var news = new SemaphoreSlim(0);
        void Heard() => news.Release();
        heartbeat.Acknowledged += Heard;
        try
        {
            while (true)
            {
                var appended = await append();
                var since = clock.GetTimestamp();
                heartbeat.Wake();
                if (!rules.Wait)
                    return [];
                if (await AcknowledgementsAsync(id, appended, since, news, cancellationToken) is { } nodes)
                    return nodes;
            }
        }
        finally
        {
            heartbeat.Acknowledged -= Heard;
        }
    }

    /// <returns>Null if the entry was lost, by a restart or a failover.</returns>
    private async Task<IReadOnlyList<NodeAcknowledgement>?> AcknowledgementsAsync(
        string id, Appended appended, long since, SemaphoreSlim news, CancellationToken cancellationToken)
    {
        var longest = appended.Nodes.Values.Select(node => node.Lease).Append(options.Value.Lease).Max();
        var wait = Lease.Outlasts(longest);
        var missing = appended.Nodes;
        var acknowledged = new List<NodeAcknowledgement>();
        // Nobody can have acknowledged what was just appended.
        if (missing.Count > 0)
            await news.WaitAsync(Look, cancellationToken);
        while (true)
        {
            if (await log.CheckAsync(id, appended, cancellationToken) is not { } nodes)
                return null;
            var waited = clock.GetElapsedTime(since);
            foreach (var node in missing.Values.ToList())
                if (!nodes.TryGetValue(node.Id, out var now))
                    missing.Remove(node.Id);
                else if (now.Acknowledged >= appended.Number)
                {
                    missing.Remove(node.Id);
                    acknowledged.Add(new(node.Name, waited));
                }

            // The register of a Redis that has just begun may lack nodes: only who has followed it for longer than a lease knows them all.
            var complete = missing.Count == 0 && lease.HeldFor > wait && heartbeat.Incarnation == appended.Incarnation;
            if (complete || waited >= wait)
                break;
            await news.WaitAsync(missing.Count == 0 || wait - waited < Look ? wait - waited : Look, cancellationToken);
        }
        if (missing.Count > 0)
        {
            await log.DropAsync(missing.Values, cancellationToken);
            acknowledged.AddRange(missing.Values.Select(node => new NodeAcknowledgement(node.Name, null)));
            DidNotAnswer(logger, id, string.Join(", ", missing.Values.Select(node => node.Name)));
        }
        return [.. acknowledged.OrderBy(node => node.Name, StringComparer.Ordinal)];
    }

    [LoggerMessage(1, LogLevel.Information, "Revocation {Id} ended {Ended} sessions, acknowledged by {Acknowledged} of {Nodes} nodes after {Milliseconds:0.0} ms.")]
    private static partial void IsAcknowledged(ILogger logger, string id, int ended, int acknowledged, int nodes, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "Revocation {Id} was not acknowledged by {Nodes}; their leases have run out, so they accept nobody until they have caught up.")]
    private static partial void DidNotAnswer(ILogger logger, string id, string nodes);

    [LoggerMessage(3, LogLevel.Warning, "Revocation {Id} is pending: it is written down, and will be carried out when Redis can be used.")]
    private static partial void IsPending(ILogger logger, string id, Exception exception);
}
