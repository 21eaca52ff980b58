using Microsoft.Extensions.Logging;

namespace SessionWeb.Sessions.Revocation;

/// <summary>
/// Revokes sessions on every node. It records the revocation, ends the sessions and appends the log entry in one step,
/// and waits until every node has acknowledged it or can no longer hold a lease. Otherwise the result is pending.
/// </summary>
internal sealed partial class RevocationCoordinator(
    IRevocationLog log, JournalWriter journal, AcknowledgementWaiter acknowledgements, RevocationLogFollower follower,
    GlobalEpoch epoch, ILogger<RevocationCoordinator> logger)
{
    /// <summary>Records and applies a revocation.</summary>
    /// <exception cref="SessionStoreUnavailableException">Redis is unavailable, and there is no journal.</exception>
    public async Task<RevocationResult> RevokeAsync(RevocationRequest request, CancellationToken cancellationToken)
    {
        request = await journal.AddAsync(request, cancellationToken);
        return journal.HasJournal ? await ApplyAsync(request) : await ApplyOnceAsync(request);
    }

    /// <summary>Applies a recorded revocation. It cannot be canceled: a recorded revocation will be applied.</summary>
    /// <returns>Pending if Redis is unavailable.</returns>
    public async Task<RevocationResult> ApplyAsync(RevocationRequest request)
    {
        try
        {
            return await ApplyOnceAsync(request);
        }
        catch (SessionStoreUnavailableException failure)
        {
            IsPending(logger, request.Id, failure);
            return RevocationResult.NotApplied;
        }
    }

    /// <summary>Waits for the acknowledgement of an entry that a new session appended, as it replaced others.</summary>
    public async Task<RevocationResult> WaitForReplacedAsync(
        AccountTag account, IReadOnlyList<string> handles, SessionEnd end, string id, AppendedEntry appended)
    {
        try
        {
            AppendedEntry? once = appended;
            var done = await acknowledgements.AppendAndWaitAsync(id, async () => Interlocked.Exchange(ref once, null));
            if (done is var (nodes, elapsed))
                return new(handles.Count, nodes, Pending: false, elapsed);
        }
        catch (SessionStoreUnavailableException)
        {
        }

        // The log may have lost the entry. Each session is revoked again.
        var result = new RevocationResult(handles.Count, [], Pending: false, TimeSpan.Zero);
        foreach (var handle in handles)
        {
            var request = new RevocationRequest { Account = account, Handle = handle, End = end };
            result = result.Combine(await ApplyAsync(await journal.AddAsync(request, CancellationToken.None)));
        }
        return result;
    }

    private Task<RevocationResult> ApplyOnceAsync(RevocationRequest request) =>
        request.Account is null ? RevokeAllAsync(request) : RevokeAccountAsync(request);

    private async Task<RevocationResult> RevokeAccountAsync(RevocationRequest request)
    {
        var numbered = await journal.AddGenerationAsync(request);
        var ended = 0;
        var acknowledged = await acknowledgements.AppendAndWaitAsync(numbered.Id, async () =>
        {
            var (entry, count) = await log.RevokeAsync(numbered);
            ended += count;
            return entry;
        });
        return await CompleteAsync(numbered, ended, acknowledged!.Value);
    }

    /// <summary>Raises the epoch, which ends all sessions. The store deletes them when it reads the account.</summary>
    private async Task<RevocationResult> RevokeAllAsync(RevocationRequest request)
    {
        // The current epoch must be known before the next one is chosen.
        await follower.CatchUpAsync(CancellationToken.None);
        var formerEpoch = epoch.Current.Number;
        var count = await log.CountSessionsAsync();
        var numbered = request.Generation is null ? await journal.AddEpochAsync(request) : request;
        var isIncluded = false;
        var acknowledged = await acknowledgements.AppendAndWaitAsync(request.Id, async () =>
        {
            (numbered, var entry, isIncluded) = await RaiseEpochAsync(numbered);
            return entry;
        });
        var ended = isIncluded ? 0 : Math.Max(0, count - (request.KeptHandle is null ? 0 : 1));
        var result = await CompleteAsync(numbered, (int)ended, acknowledged!.Value);
        // Applied again, the revocation finds its own epoch, whose index is in use already.
        await log.CleanUpAsync(formerEpoch < numbered.Generation ? formerEpoch : null, request.KeptAccount);
        return result;
    }

    /// <summary>Raises the epoch to the request's, or to a higher one if another revocation took that.</summary>
    private async Task<(RevocationRequest, AppendedEntry, bool IsIncluded)> RaiseEpochAsync(RevocationRequest request)
    {
        while (true)
        {
            var (entry, current) = await log.RaiseEpochAsync(request);
            // A revocation that was recorded later but applied earlier includes this one. Newer sessions must not end.
            var isIncluded = entry is null && current > request.Generation
                && current == await journal.EpochAsync(CancellationToken.None);
            if (isIncluded)
                (entry, _) = await log.RaiseEpochAsync(request, isIncluded);
            if (entry is not null)
                return (request, entry, isIncluded);
            request = await journal.AddEpochAsync(request, current + 1);
        }
    }

    private async Task<RevocationResult> CompleteAsync(
        RevocationRequest request, int ended, (IReadOnlyList<NodeAcknowledgement> Nodes, TimeSpan Elapsed) acknowledged)
    {
        var (nodes, elapsed) = acknowledged;
        await journal.MarkAcknowledgedAsync(request);
        var count = nodes.Count(node => node.AcknowledgedAfter is not null);
        IsAcknowledged(logger, request.Id, ended, count, nodes.Count, elapsed.TotalMilliseconds);
        return new(ended, nodes, Pending: false, elapsed);
    }

    [LoggerMessage(1, LogLevel.Information,
        "Revocation {Id} ended {Ended} sessions, acknowledged by {Count} of {Nodes} nodes in {Milliseconds:0.0} ms.")]
    private static partial void IsAcknowledged(
        ILogger logger, string id, int ended, int count, int nodes, double milliseconds);

    [LoggerMessage(3, LogLevel.Warning, "Revocation {Id} is pending. It will be applied when Redis is available.")]
    private static partial void IsPending(ILogger logger, string id, Exception exception);
}
