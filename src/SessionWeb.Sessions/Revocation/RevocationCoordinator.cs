using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Caching;
using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions.Revocation;

/// <summary>
/// Ends sessions, strictly: what it answers is in effect on every node. The intent is recorded first; then the sessions end and the log
/// says so, in one step; then it waits until every node has acknowledged that, or cannot hold a lease any more.
/// </summary>
internal sealed partial class RevocationCoordinator(
    RedisSessions sessions, RevocationLog log, SessionCache cache, RevocationLogFollower heartbeat, Lease lease, GlobalEpoch everyone, NodeStatistics figures,
    IServiceProvider services, IOptions<SessionsOptions> options, TimeProvider clock, ILogger<RevocationCoordinator> logger)
{
    // An entry is lost by a restart or a failover. Between two primaries it might be lost each time.
    private const int MostAttempts = 5;

    // A message that tells of an acknowledgement may be lost.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private IRevocationJournal? Journal => services.GetService<IRevocationJournal>();

    public static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>An epoch that is free, as far as is known here.</summary>
    private long NextEpoch => Math.Max(everyone.Value.Number + 1, clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>The epoch of the latest revocation of everyone that is recorded, which may not be applied yet.</summary>
    /// <exception cref="SessionStoreUnavailableException">The journal cannot be read.</exception>
    public async Task<long> RecordedEpochAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Journal is { } journal ? await journal.EpochAsync(cancellationToken) : 0;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new SessionStoreUnavailableException("The revocation journal cannot be read.", failure);
        }
    }

    /// <exception cref="SessionStoreUnavailableException">Redis is unavailable, and there is no journal.</exception>
    public async Task<RevocationResult> RevokeAsync(RevocationRequest intent, CancellationToken cancellationToken)
    {
        if (Journal is not { } journal)
            return await ApplyOnceAsync(intent);
        try
        {
            intent = await WithGenerationAsync(intent);
        }
        catch (SessionStoreUnavailableException)
        {
            // It is chosen when the revocation is applied.
        }
        return await ApplyAsync(await journal.AddAsync(intent, cancellationToken));
    }

    /// <summary>Applies a recorded revocation. It does not listen to the caller's cancellation: what is recorded is meant.</summary>
    public async Task<RevocationResult> ApplyAsync(RevocationRequest intent)
    {
        var started = clock.GetTimestamp();
        try
        {
            return await ApplyOnceAsync(intent);
        }
        catch (SessionStoreUnavailableException failure)
        {
            IsPending(logger, intent.Id, failure);
            return new(0, [], Pending: true, clock.GetElapsedTime(started));
        }
    }

    /// <summary>Waits until the nodes acknowledge that sessions ended to make room for a new one, which the log says already.</summary>
    public async Task<RevocationResult> ReplacedAsync(AccountTag account, IReadOnlyList<string> handles, SessionEnd ending, string id, AppendedEntry appended)
    {
        var started = clock.GetTimestamp();
        try
        {
            AppendedEntry? first = appended;
            if (await WaitAsync(id, () => Task.FromResult<AppendedEntry?>(Interlocked.Exchange(ref first, null))) is { } nodes)
                return new(handles.Count, nodes, Pending: false, clock.GetElapsedTime(started));
        }
        catch (SessionStoreUnavailableException)
        {
        }

        // The entry may be lost: from here on they are revoked like any other.
        var revocation = new RevocationResult(handles.Count, [], Pending: false, TimeSpan.Zero);
        foreach (var handle in handles)
            revocation = revocation.Combine(await RevokeOrPendAsync(new() { Account = account, Handle = handle, End = ending }));
        return revocation;
    }

    /// <summary>Applies a revocation, again if need be.</summary>
    public Task<RevocationResult> ApplyOnceAsync(RevocationRequest intent) => intent.Account is null ? EveryoneAsync(intent) : AccountAsync(intent);

    private async Task<RevocationResult> AccountAsync(RevocationRequest intent)
    {
        var started = clock.GetTimestamp();
        var chosen = intent;
        if (Journal is { } journal && (chosen = await WithGenerationAsync(intent)) != intent)
            // Applied again, it must not end sessions that begin from now on.
            await journal.AddAsync(chosen, CancellationToken.None);
        var ended = 0;
        var nodes = await WaitAsync(chosen.Id, async Task<AppendedEntry?> () =>
        {
            var (appended, count) = await log.RevokeAsync(chosen, CancellationToken.None);
            ended += count;
            return appended;
        });
        return await FinishAsync(chosen, ended, nodes!, started);
    }

    /// <summary>The sessions of everyone end by the epoch: each is deleted when it is met next.</summary>
    private async Task<RevocationResult> EveryoneAsync(RevocationRequest intent)
    {
        // The epoch must be known before the next one is chosen.
        await heartbeat.CatchUpAsync(CancellationToken.None);
        var started = clock.GetTimestamp();
        var before = everyone.Value.Number;
        var count = await sessions.CountAsync(CancellationToken.None);
        var chosen = intent.Generation is null ? await WithEpochAsync(intent, NextEpoch) : intent;
        var isIncluded = false;
        var nodes = await WaitAsync(intent.Id, async Task<AppendedEntry?> () =>
        {
            while (true)
            {
                var raised = new Epoch(chosen.Generation!.Value, SessionRecord.Write(intent.End));
                if (intent is { KeptAccount: { } account, KeptHandle: { } handle })
                    await sessions.KeepAsync(account, handle, raised.Number, CancellationToken.None);
                var (appended, taken) = await log.RaiseEpochAsync(intent.Id, raised, isIncluded: false, CancellationToken.None);
                // One that was recorded later and applied sooner ended all that this one means; what began since must not end.
                isIncluded = appended is null && taken > raised.Number && taken == await RecordedEpochAsync(CancellationToken.None);
                if (isIncluded)
                    (appended, _) = await log.RaiseEpochAsync(intent.Id, raised, isIncluded, CancellationToken.None);
                if (appended is not null)
                    return appended;
                chosen = await WithEpochAsync(intent, taken + 1);
            }
        });
        var ended = isIncluded ? 0 : (int)Math.Max(0, count - (intent.KeptHandle is null ? 0 : 1));
        var revocation = await FinishAsync(chosen, ended, nodes!, started);
        // Applied again, it finds its own epoch there, whose index has begun already.
        await CleanUpAsync(before < chosen.Generation ? before : null, intent.KeptAccount);
        return revocation;
    }

    /// <summary>An epoch is recorded before it is raised, where there is a journal: sign-ins read it there.</summary>
    private async Task<RevocationRequest> WithEpochAsync(RevocationRequest intent, long atLeast)
    {
        if (Journal is not { } journal)
            return intent with { Generation = atLeast };
        var chosen = await journal.AddAsync(intent with { Generation = null }, CancellationToken.None);
        return chosen.Generation >= atLeast ? chosen : await journal.AddAsync(intent with { Generation = atLeast }, CancellationToken.None);
    }

    private async Task<RevocationResult> FinishAsync(RevocationRequest intent, int ended, IReadOnlyList<NodeAcknowledgement> nodes, long started)
    {
        var revocation = new RevocationResult(ended, nodes, Pending: false, clock.GetElapsedTime(started));
        figures.Revoked(revocation.Elapsed);
        await AcknowledgedAsync(intent);
        IsAcknowledged(logger, intent.Id, ended, nodes.Count(node => node.AcknowledgedAfter is not null), nodes.Count, revocation.Elapsed.TotalMilliseconds);
        return revocation;
    }

    private async Task<RevocationResult> RevokeOrPendAsync(RevocationRequest intent)
    {
        try
        {
            return await RevokeAsync(intent, CancellationToken.None);
        }
        catch (SessionStoreUnavailableException failure)
        {
            IsPending(logger, intent.Id, failure);
            return new(0, [], Pending: true, TimeSpan.Zero);
        }
    }

    /// <summary>What is in effect stays so, whatever becomes of this.</summary>
    private async Task CleanUpAsync(long? before, AccountTag? kept)
    {
        try
        {
            await sessions.ResetIndexAsync(before, kept, CancellationToken.None);
        }
        catch (SessionStoreUnavailableException failure)
        {
            CleanupFailed(logger, failure);
        }
    }

    private async Task<RevocationRequest> WithGenerationAsync(RevocationRequest intent) =>
        intent is { Account: { } account, Handle: null, ClaimsVersion: null, Generation: null }
            ? intent with { Generation = 1 + Math.Max(cache.Generation(account), await sessions.GenerationAsync(account, CancellationToken.None)) }
            : intent;

    private async Task AcknowledgedAsync(RevocationRequest intent)
    {
        if (Journal is not { } journal)
            return;
        try
        {
            await journal.MarkAcknowledgedAsync(intent, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // It is in effect; not known as such, it is applied again, which changes nothing.
            NotRecorded(logger, intent.Id, failure);
        }
    }

    /// <param name="id">The revocation's id.</param>
    /// <param name="append">Appends the entry, again where it was lost; null gives up.</param>
    /// <returns>Null if it gave up.</returns>
    private async Task<IReadOnlyList<NodeAcknowledgement>?> WaitAsync(string id, Func<Task<AppendedEntry?>> append)
    {
        var published = new AcknowledgementCollector(clock);
        heartbeat.Acknowledged += published.Add;
        try
        {
            for (var attempt = 0; attempt < MostAttempts; attempt++)
            {
                if (await append() is not { } appended)
                    return null;
                var since = clock.GetTimestamp();
                if (await AcknowledgementsAsync(id, appended, since, published) is { } nodes)
                    return nodes;
            }
            throw new SessionStoreUnavailableException("Redis lost the revocation's log entry each time.");
        }
        finally
        {
            heartbeat.Acknowledged -= published.Add;
        }
    }

    /// <returns>Null if the entry or the register was lost, by a restart, a failover, or a command.</returns>
    private async Task<IReadOnlyList<NodeAcknowledgement>?> AcknowledgementsAsync(string id, AppendedEntry appended, long since, AcknowledgementCollector published)
    {
        var own = heartbeat.Node;
        // A register that was lost names nobody; a node that is in it has held no lease before it joined.
        var isMember = own.Length > 0 && appended.Nodes.ContainsKey(own);
        var wait = Lease.Outlasts(appended.Nodes.Values.Select(node => node.Lease).Append(options.Value.Lease).Append(appended.LongestLease).Max());
        var missing = new Dictionary<string, NodeState>(appended.Nodes);
        var acknowledged = new List<NodeAcknowledgement>();
        while (true)
        {
            var left = wait - clock.GetElapsedTime(since);
            var all = await published.WaitAsync(appended, [.. missing.Keys], left < Look ? left : Look);
            if (all && acknowledged.Count == 0 && IsRegisterComplete())
                return
                [
                    .. missing.Values.OrderBy(node => node.Name, StringComparer.Ordinal)
                        .Select(node => new NodeAcknowledgement(node.Name, clock.GetElapsedTime(since, published.ReceivedAt(appended, node.Id)!.Value))),
                ];
            if (await log.CheckAsync(id, appended, CancellationToken.None) is not { } nodes || isMember && !nodes.ContainsKey(own) && heartbeat.Node == own)
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

            if (missing.Count == 0 && IsRegisterComplete() || waited >= wait)
                break;
            if (missing.Count == 0)
                await Task.Delay(wait - waited, clock);
        }
        if (missing.Count > 0)
        {
            await log.DropAsync(missing.Values, CancellationToken.None);
            acknowledged.AddRange(missing.Values.Select(node => new NodeAcknowledgement(node.Name, null)));
            DidNotAnswer(logger, id, string.Join(", ", missing.Values.Select(node => node.Name)));
        }
        return [.. acknowledged.OrderBy(node => node.Name, StringComparer.Ordinal)];

        // Only who has followed this log for longer than any lease knows from its register who may hold one.
        bool IsRegisterComplete() => isMember && lease.HeldIn(appended.Incarnation) > wait;
    }

    [LoggerMessage(1, LogLevel.Information, "Revocation {Id} ended {Ended} sessions, acknowledged by {Acknowledged} of {Nodes} nodes after {Milliseconds:0.0} ms.")]
    private static partial void IsAcknowledged(ILogger logger, string id, int ended, int acknowledged, int nodes, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "Revocation {Id} was not acknowledged by {Nodes}; their leases have expired, so they accept nobody until they have caught up.")]
    private static partial void DidNotAnswer(ILogger logger, string id, string nodes);

    [LoggerMessage(3, LogLevel.Warning, "Revocation {Id} is pending: it is recorded, and is applied when Redis is available.")]
    private static partial void IsPending(ILogger logger, string id, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "Revocation {Id} is in effect, but this could not be recorded; it is applied again.")]
    private static partial void NotRecorded(ILogger logger, string id, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Everyone's sessions ended; the index of recent sessions could not be cleaned up.")]
    private static partial void CleanupFailed(ILogger logger, Exception exception);
}
