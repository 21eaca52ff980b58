using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionWeb.Sessions.Caching;
using SessionWeb.Sessions.DataProtection;
using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions.Revocation;

/// <summary>
/// What a node does when it meets a log that it does not know, be it new, restarted, promoted, or without some of its entries: revocations
/// of the journal that the log may lack are applied again before anybody is accepted. One node does it for all; the others wait.
/// </summary>
internal sealed partial class LogRecovery(
    RevocationLog log, GlobalEpoch everyone, RedisSessions sessions, IServiceProvider services, TimeProvider clock, ILogger<LogRecovery> logger)
{
    private const int BatchSize = 200;
    private const int NewestEntries = 200;

    // Short enough to wait for where the node that has its turn dies; as long as it lives, it keeps it.
    private static readonly TimeSpan TurnLength = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync(Renewal renewal, string node)
    {
        await RestoreKeysAsync();
        if (everyone.Value is var known && known.Number > renewal.Epoch.Number)
            await log.RaiseEpochAsync(RevocationCoordinator.NewId(), known, isIncluded: false, CancellationToken.None);
        if (services.GetService<IRevocationJournal>() is not { } journal)
            return;
        // A node that remembers nothing has no name in the register; it may recover all the same.
        var name = node.Length > 0 ? node : RevocationCoordinator.NewId();
        while (true)
        {
            var (turn, isEmpty) = await log.TakeTurnAsync(renewal.Incarnation, name, TurnLength, finished: false, CancellationToken.None);
            if (turn == RecoveryTurn.Changed)
                throw new SessionStoreUnavailableException("Redis was restarted while revocations were applied again.");
            if (turn == RecoveryTurn.Done || turn == RecoveryTurn.Mine && await RecoverInTurnAsync(journal, renewal, name, isEmpty))
                return;
            await Task.Delay(Pause, clock);
        }
    }

    /// <summary>The data-protection keys may be lost with the log, where they are in the same Redis.</summary>
    private async Task RestoreKeysAsync()
    {
        try
        {
            await (services.GetService<KeyRing>()?.RestoreAsync(CancellationToken.None) ?? Task.CompletedTask);
        }
        catch (SessionStoreUnavailableException failure)
        {
            CannotRestoreKeys(logger, failure);
        }
    }

    private async Task<bool> RecoverInTurnAsync(IRevocationJournal journal, Renewal renewal, string node, bool isEmpty)
    {
        using var over = new CancellationTokenSource();
        var keeping = KeepTurnAsync(renewal.Incarnation, node, over.Token);
        try
        {
            return await RecoverAsync(journal, renewal, node, isEmpty);
        }
        finally
        {
            await over.CancelAsync();
            await keeping;
        }
    }

    /// <summary>A journal may take longer to read than a turn lasts.</summary>
    private async Task KeepTurnAsync(string incarnation, string node, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TurnLength / 4, clock, cancellationToken);
                await log.TakeTurnAsync(incarnation, node, TurnLength, finished: false, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SessionStoreUnavailableException)
        {
            // A turn that is lost is noticed with the next batch.
        }
    }

    /// <returns>False if the turn was lost.</returns>
    private async Task<bool> RecoverAsync(IRevocationJournal journal, Renewal renewal, string node, bool isEmpty)
    {
        var started = clock.GetTimestamp();
        var (there, newest) = await EntriesAsync(renewal.Incarnation);
        var recorded = await ReadAsync(journal, newest, isEmpty);
        var missing = recorded.Where(intent => !there.Contains(intent.Id)).ToList();
        foreach (var intent in missing.Where(intent => intent.Account is null))
            await EveryoneAsync(intent);
        var applying = Task.FromResult<IReadOnlyList<RevocationRequest>?>([]);
        foreach (var batch in Distinct(missing).Chunk(BatchSize))
        {
            // The next batch is sent while Redis applies this one; Redis executes them in the order in which they were sent.
            var next = log.RecoverAsync(batch, renewal.Incarnation, node, TurnLength, CancellationToken.None);
            if (!await IsAppliedAsync(journal, applying))
                return false;
            applying = next;
        }
        if (!await IsAppliedAsync(journal, applying))
            return false;
        if ((await log.TakeTurnAsync(renewal.Incarnation, node, TurnLength, finished: true, CancellationToken.None)).Turn != RecoveryTurn.Done)
            return false;
        Recovered(logger, missing.Count, clock.GetElapsedTime(started).TotalMilliseconds);
        return true;
    }

    /// <returns>False if the turn was lost.</returns>
    private async Task<bool> IsAppliedAsync(IRevocationJournal journal, Task<IReadOnlyList<RevocationRequest>?> applying)
    {
        if (await applying is not { } failed)
            return false;
        foreach (var intent in failed)
        {
            // It concerns that account alone, which no node can read either. It is pending again.
            CannotApply(logger, intent.Id, intent.Account!.Value.Value);
            await journal.AddAsync(intent, CancellationToken.None);
        }
        return true;
    }

    /// <summary>Raises the epoch unless a later revocation of everyone did so: what existed before that has ended by it.</summary>
    private async Task EveryoneAsync(RevocationRequest intent)
    {
        if (intent.Generation is not { } epoch)
            return;
        if (intent is { KeptAccount: { } account, KeptHandle: { } handle })
            await sessions.KeepAsync(account, handle, epoch, CancellationToken.None);
        await log.RaiseEpochAsync(intent.Id, new(epoch, SessionRecord.Write(intent.End)), isIncluded: false, CancellationToken.None);
    }

    /// <summary>Of revocations of one account and kind, the one that includes the others.</summary>
    private static IEnumerable<RevocationRequest> Distinct(IEnumerable<RevocationRequest> missing) => missing
        // One without a generation is not applied yet; it stays pending.
        .Where(intent => intent.Account is not null && (intent.Generation ?? intent.ClaimsVersion) is not null || intent.Handle is not null)
        .GroupBy(intent => (intent.Account, intent.Handle, intent.KeptHandle, IsClaims: intent.ClaimsVersion is not null))
        .Select(alike => alike.MaxBy(intent => intent.ClaimsVersion ?? intent.Generation ?? 0)!)
        // In the order of generations: the session that a later one keeps may have ended by an earlier one.
        .OrderBy(intent => intent.Generation ?? 0);

    private static async Task<IReadOnlyList<RevocationRequest>> ReadAsync(IRevocationJournal journal, IReadOnlyList<string> newest, bool isEmpty)
    {
        try
        {
            // Where there is no session, only sign-ins that are under way can be meant.
            return isEmpty ? await journal.LatestAsync(SessionCache.Window + TimeSpan.FromMinutes(1), CancellationToken.None) : await journal.SinceAsync(newest, SessionCache.Window, CancellationToken.None);
        }
        catch (Exception failure) when (failure is not SessionStoreUnavailableException)
        {
            throw new SessionStoreUnavailableException("The journal of revocations cannot be read, so nobody is accepted from this Redis yet.", failure);
        }
    }

    /// <returns>The ids of the log's entries, and the newest of them, newest first.</returns>
    private async Task<(HashSet<string> There, IReadOnlyList<string> Newest)> EntriesAsync(string incarnation)
    {
        var ids = new List<string>();
        var first = await log.RenewAsync("", false, LogPosition.Unknown, "", CancellationToken.None);
        for (var position = new LogPosition(first.First - 1, "", incarnation); ;)
        {
            var renewal = await log.RenewAsync("", false, position, "", CancellationToken.None);
            if (!renewal.IsSame)
                throw new SessionStoreUnavailableException("Redis was restarted while revocations were applied again.");
            foreach (var (number, entry) in renewal.Entries)
            {
                ids.Add(entry.Id);
                position = new(number, entry.Id, incarnation);
            }
            if (position.Number >= renewal.Head)
                return ([.. ids], [.. ids.AsEnumerable().Reverse().Take(NewestEntries)]);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Another Redis, or another revocation log: {Count} revocations of the journal were applied again in {Milliseconds:0} ms.")]
    private static partial void Recovered(ILogger logger, int count, double milliseconds);

    [LoggerMessage(3, LogLevel.Warning, "The data-protection keys cannot be restored yet; the node retries.")]
    private static partial void CannotRestoreKeys(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Revocation {Id} cannot be applied again: Redis holds something else for account {Account}, which is refused. It is pending.")]
    private static partial void CannotApply(ILogger logger, string id, string account);
}
