using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Revocation;

/// <summary>
/// Follows the revocation log. One call acknowledges what was applied before it, and returns later entries, which are
/// applied before the lease is extended. <see cref="RevocationLogService"/> renews, and so do requests without a lease.
/// </summary>
internal sealed class RevocationLogFollower(
    IRevocationLog log, IRevocationTarget cache, Lease lease, LogRecovery recovery, IOptions<SessionsOptions> options,
    TimeProvider clock)
{
    private readonly Lock _gate = new();
    private Task _latest = Task.CompletedTask;
    private Task? _next;
    private LogPosition _applied = LogPosition.Unknown;
    private volatile string _node = "";
    private volatile string? _problem;
    private bool _isMember;

    /// <summary>Why the store is unsupported, so that this node holds no lease; null if it is supported.</summary>
    public string? Problem => _problem;

    /// <summary>This node's id in the register; empty before it starts and after it stops.</summary>
    public string Node => _node;

    /// <exception cref="UnsupportedStoreException">The store would lose sessions or revocations.</exception>
    public async Task StartAsync()
    {
        try
        {
            _problem = (await log.RenewAsync("", join: false, LogPosition.Unknown)).Problem;
        }
        catch (SessionStoreUnavailableException)
        {
            // The app starts without Redis and connects later.
        }
        if (_problem is { } problem)
            throw new UnsupportedStoreException(problem);
        // The random part keeps two nodes of the same name from acknowledging for each other.
        _node = $"{options.Value.NodeName}:{Guid.NewGuid().ToString("N")[..8]}";
    }

    public async Task StopAsync()
    {
        var node = _node;
        _node = "";
        await RenewAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cache.Clear();
        lease.Drop();
        await log.LeaveAsync(node).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Returns when every revocation acknowledged before this call has been applied.</summary>
    /// <exception cref="SessionStoreUnavailableException">The log could not be read in time.</exception>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (lease.IsHeld)
            return;
        if (_problem is { } problem)
            throw new SessionStoreUnavailableException(problem);
        var timeout = options.Value.StoreTimeout;
        try
        {
            await RenewAsync().WaitAsync(timeout, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new SessionStoreUnavailableException($"Redis did not respond within {timeout.TotalSeconds} s.", late);
        }
    }

    /// <summary>Renews. The renewal is sent after this call; concurrent callers share it.</summary>
    public Task RenewAsync()
    {
        lock (_gate)
            return _next ??= _latest = RenewAfterAsync(_latest);
    }

    private async Task RenewAfterAsync(Task previous)
    {
        await Task.Yield();
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
            _next = null;
        // Each round acknowledges the entries that the round before applied. The last round finds no new entries.
        while (await RenewOnceAsync())
        {
        }
    }

    /// <returns>Whether another round is needed.</returns>
    private async Task<bool> RenewOnceAsync()
    {
        ApplyPublished();
        var node = _node;
        var (sent, sentAt) = (clock.GetTimestamp(), clock.GetUtcNow());
        var join = node.Length > 0 && !_isMember;
        if (join)
            // While the register lacks this node, no revocation waits for its lease.
            lease.Drop();
        var renewal = await log.RenewAsync(node, join, _applied);
        (_problem, _isMember) = (renewal.Problem, renewal.IsMember && renewal.IsSame);
        if (_problem is not null || !_isMember)
            lease.Drop();
        if (!renewal.IsSame)
        {
            cache.Clear();
            await recovery.RunAsync(renewal, node);
            _applied = new(renewal.First - 1, "", renewal.Incarnation);
            return true;
        }
        if (node.Length > 0 && !_isMember)
            return true;

        cache.Apply(renewal.Epoch);
        foreach (var (number, entry) in renewal.Entries)
        {
            cache.Apply(entry);
            _applied = new(number, entry.Id, renewal.Incarnation);
        }
        // Extended last: a request that sees the lease also sees everything that was applied before.
        if (renewal.IsComplete && node.Length > 0 && _problem is null)
            lease.Extend(sent, sentAt, options.Value.Lease, renewal.Incarnation);
        return renewal.Entries.Count > 0;
    }

    /// <summary>Applies the published entries that follow the last applied one. Others are read from the log.</summary>
    private void ApplyPublished()
    {
        while (log.TakePublished() is var (position, entry))
        {
            var isNext = position.Incarnation == _applied.Incarnation && position.Number == _applied.Number + 1;
            // An entry of all accounts comes with an epoch, which only a renewal reads.
            if (!isNext || entry.Account is null)
                continue;
            cache.Apply(entry);
            _applied = position;
        }
    }
}
