using Microsoft.Extensions.Logging;

namespace SessionWeb.Sessions.Revocation;

/// <summary>
/// Runs when a node finds an unknown log: a new one, one of a restarted or promoted Redis, or one that lost entries.
/// In a new incarnation, one node applies the journal's revocations again. Until then no node accepts a session.
/// </summary>
internal sealed partial class LogRecovery(
    IRevocationLog log, GlobalEpoch epoch, JournalWriter journal, TimeProvider clock, ILogger<LogRecovery> logger)
{
    /// <summary>How long before its entry appears a revocation may have been recorded.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private const int BatchSize = 200;
    private const int NewestEntries = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync(Renewal renewal, string node)
    {
        if (epoch.Current is { End: { } end } known && known.Number > renewal.Epoch.Number)
            await log.RaiseEpochAsync(new() { Generation = known.Number, End = end });
        if (!journal.HasJournal)
            return;
        // A node that holds no lease is not in the register. It may recover as well.
        var name = node.Length > 0 ? node : RevocationRequest.NewId();
        while (true)
        {
            var (state, turn) = await log.TakeTurnAsync(renewal.Incarnation, name);
            var isComplete = state == RecoveryState.Complete;
            await using (turn)
                isComplete |= turn is not null && await RecoverAsync(renewal.Incarnation, turn);
            if (isComplete)
                return;
            if (state == RecoveryState.Changed)
                throw new SessionStoreUnavailableException("Redis restarted during the recovery of revocations.");
            await Task.Delay(Pause, clock);
        }
    }

    /// <returns>False if the node lost its turn.</returns>
    private async Task<bool> RecoverAsync(string incarnation, IRecoveryTurn turn)
    {
        var started = clock.GetTimestamp();
        var entries = await log.EntryIdsAsync(incarnation);
        string[] newest = [.. entries.AsEnumerable().Reverse().Take(NewestEntries)];
        // Without sessions, a revocation can only concern sign-ins in progress.
        var recorded = await journal.ReadAsync(journal => turn.IsStoreEmpty
            ? journal.LatestAsync(Window + TimeSpan.FromMinutes(1), CancellationToken.None)
            : journal.SinceAsync(newest, Window, CancellationToken.None));
        var present = entries.ToHashSet();
        var missing = recorded.Where(request => !present.Contains(request.Id)).ToList();
        // Unless a later revocation raised the epoch further, which ended the same sessions.
        foreach (var request in missing.Where(request => request is { Account: null, Generation: not null }))
            await log.RaiseEpochAsync(request);
        var applying = Task.FromResult<IReadOnlyList<RevocationRequest>?>([]);
        foreach (var batch in Latest(missing).Chunk(BatchSize))
        {
            // The next batch is sent while Redis applies this one. Redis keeps the order.
            var next = turn.RecoverAsync(batch);
            if (!await IsAppliedAsync(applying))
                return false;
            applying = next;
        }
        if (!await IsAppliedAsync(applying) || !await turn.CompleteAsync())
            return false;
        Recovered(logger, missing.Count, clock.GetElapsedTime(started).TotalMilliseconds);
        return true;
    }

    /// <returns>False if the node lost its turn.</returns>
    private async Task<bool> IsAppliedAsync(Task<IReadOnlyList<RevocationRequest>?> applying)
    {
        if (await applying is not { } failed)
            return false;
        foreach (var request in failed)
        {
            // Only that account is affected. No node can read its sessions either. The revocation is pending again.
            CannotApply(logger, request.Id, request.Account!.Value.Value);
            await journal.AddAsync(request, CancellationToken.None);
        }
        return true;
    }

    /// <summary>Of the revocations of one account and kind, the one that includes the others.</summary>
    private static IEnumerable<RevocationRequest> Latest(IEnumerable<RevocationRequest> missing) => missing
        // A revocation without a generation was never applied. It stays pending.
        .Where(r => r.Account is not null && (r.Generation ?? r.ClaimsVersion) is not null || r.Handle is not null)
        .GroupBy(r => (r.Account, r.Handle, r.KeptHandle, IsClaims: r.ClaimsVersion is not null))
        .Select(group => group.MaxBy(r => r.ClaimsVersion ?? r.Generation ?? 0)!)
        // By generation: the session that a later revocation keeps may have ended by an earlier one.
        .OrderBy(request => request.Generation ?? 0);

    [LoggerMessage(1, LogLevel.Warning,
        "The revocation log changed: {Count} revocations of the journal were applied again in {Milliseconds:0} ms.")]
    private static partial void Recovered(ILogger logger, int count, double milliseconds);

    [LoggerMessage(2, LogLevel.Error,
        "Revocation {Id} is pending: Redis holds other data for account {Account}, whose sessions are refused.")]
    private static partial void CannotApply(ILogger logger, string id, string account);
}
