using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Caching;
using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions.Revocation;

/// <summary>
/// Follows the revocation log: every half second, when an entry is told of, and when a request needs it. One renewal at a time: it applies
/// what it hears, then renews the lease, then acknowledges.
/// </summary>
internal sealed partial class RevocationLogFollower(
    RevocationLog log, SessionCache cache, Lease lease, GlobalEpoch everyone, LogRecovery takeover, NodeStatistics figures,
    IOptions<SessionsOptions> options, TimeProvider clock, ILogger<RevocationLogFollower> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SweepPace = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FiguresPace = TimeSpan.FromSeconds(2);
    private const int MostPublished = 1000;
    private static readonly TimeSpan ProblemPace = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<PublishedEntry> _published = new();
    private Task _latest = Task.CompletedTask;
    private Task? _next;
    private LogPosition _applied = LogPosition.Unknown;
    private volatile string _node = "";
    private volatile string? _problem;
    private volatile bool _connectionIsNew = true;
    private long _statisticsSentAt;
    private bool _isMember;
    private bool _failing;

    /// <summary>What makes this Redis unfit, in one sentence: no lease is held as long as this is so. Null if nothing does.</summary>
    public string? Problem => _problem;

    /// <summary>This node among the others; empty while it remembers nothing.</summary>
    public string Node => _node;

    /// <summary>Raised when a node says up to where it has applied the log.</summary>
    public event Action<PublishedAcknowledgement>? Acknowledged;

    /// <summary>Sees to it that everything that was revoked before this call has been applied when it is done.</summary>
    /// <exception cref="SessionStoreUnavailableException">The log could not be read.</exception>
    public Task CatchUpAsync(CancellationToken cancellationToken) => lease.IsHeld ? Task.CompletedTask : RenewInTimeAsync(cancellationToken);

    /// <summary>Renews with a renewal that is sent after this call; callers that come together share it.</summary>
    public Task RenewAsync()
    {
        lock (_gate)
            return _next ??= _latest = RenewAfterAsync(_latest);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefuseUnfitAsync(cancellationToken);
        // Whoever shares the name with another node must not acknowledge for it.
        _node = $"{options.Value.NodeName}:{Guid.NewGuid().ToString("N")[..8]}";
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        var node = _node;
        _node = "";
        await IgnoreFailureAsync(RenewAsync());
        cache.Clear();
        lease.Drop();
        await IgnoreFailureAsync(log.LeaveAsync(node, cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Whoever has lost Redis knows that it will not renew: better to say so at once than when the lease runs out.
        log.Lost += OnLost;
        var listening = log.ListenAsync(OnAppended, acknowledgement => Acknowledged?.Invoke(acknowledgement), stoppingToken);
        var (swept, looked) = (clock.GetTimestamp(), clock.GetTimestamp());
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Beside the renewal, which it must not delay.
                var looking = Task.CompletedTask;
                if (_connectionIsNew || clock.GetElapsedTime(looked) > ProblemPace)
                {
                    looked = clock.GetTimestamp();
                    looking = LookForProblemsAsync(stoppingToken);
                }
                await Task.WhenAll(looking, RenewAsync());
                _failing = false;
            }
            catch (SessionStoreUnavailableException failure)
            {
                if (!_failing)
                    CannotRenew(logger, failure);
                _failing = true;
            }
            if (clock.GetElapsedTime(swept) > SweepPace)
            {
                swept = clock.GetTimestamp();
                cache.Sweep();
            }
            await IgnoreFailureAsync(Task.Delay(_failing ? Pace / 5 : Pace, clock, stoppingToken));
        }
        log.Lost -= OnLost;
        await IgnoreFailureAsync(listening);
    }

    private async Task RenewInTimeAsync(CancellationToken cancellationToken)
    {
        if (_problem is { } problem)
            throw new SessionStoreUnavailableException(problem);
        try
        {
            await RenewAsync().WaitAsync(options.Value.StoreTimeout, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new SessionStoreUnavailableException($"Redis did not answer within {options.Value.StoreTimeout.TotalMilliseconds:0} ms.", late);
        }
    }

    private async Task RenewAfterAsync(Task previous)
    {
        await Task.Yield();
        await IgnoreFailureAsync(previous);
        lock (_gate)
            _next = null;
        // Each round acknowledges what the one before has applied; the last finds nothing new.
        while (await RenewOnceAsync())
        {
        }
    }

    /// <returns>Whether there is more to do.</returns>
    private async Task<bool> RenewOnceAsync()
    {
        ApplyPublished();
        var node = _node;
        var (sent, sentAt) = (clock.GetTimestamp(), clock.GetUtcNow());
        var join = node.Length > 0 && !_isMember;
        if (join)
            // Who joins the register must not hold a lease of which the register does not know.
            lease.Drop();
        var renewal = await log.RenewAsync(node, join, _applied, Figures(), CancellationToken.None);
        if (!renewal.IsSame)
        {
            lease.Drop();
            cache.Clear();
            _isMember = false;
            await LookForProblemsAsync(CancellationToken.None);
            await takeover.RunAsync(renewal, node);
            _applied = new(renewal.First - 1, "", renewal.Incarnation);
            return true;
        }
        _isMember = renewal.IsMember;
        if (node.Length > 0 && !_isMember)
        {
            lease.Drop();
            return true;
        }

        var isWhole = renewal.Entries.Count == 0 || renewal.Entries[^1].Number == renewal.Head;
        if (renewal.Epoch.Number > everyone.Value.Number)
        {
            everyone.Value = renewal.Epoch;
            cache.Clear();
        }
        foreach (var (_, entry) in renewal.Entries)
            cache.Apply(entry);
        if (renewal.Entries.Count > 0)
            _applied = At(renewal);
        Extend();
        return renewal.Entries.Count > 0;

        void Extend()
        {
            // Published last: a request that sees it sees everything that was applied before.
            if (!isWhole || node.Length == 0 || _problem is not null)
                return;
            lease.Extend(sent, sentAt, options.Value.Lease, renewal.Incarnation);
        }
    }

    private void OnAppended(PublishedEntry? entry)
    {
        // What there is no room for is read from the log.
        if (entry is not null && _published.Count < MostPublished)
            _published.Enqueue(entry);
        // A failure is the next beat's to report.
        _ = IgnoreFailureAsync(RenewAsync());
    }

    /// <summary>Applies the published entries that follow the one applied last; all others are read from the log.</summary>
    private void ApplyPublished()
    {
        while (_published.TryDequeue(out var published))
        {
            var (position, entry) = published;
            var isNext = position.Incarnation == _applied.Incarnation && position.Number == _applied.Number + 1;
            // What raises the epoch is read with it.
            if (!isNext || entry.Account is null)
                continue;
            cache.Apply(entry);
            _applied = position;
        }
    }

    private string Figures()
    {
        if (clock.GetElapsedTime(_statisticsSentAt) < FiguresPace)
            return "";
        _statisticsSentAt = clock.GetTimestamp();
        return figures.ToString();
    }

    private static LogPosition At(Renewal renewal) => new(renewal.Entries[^1].Number, renewal.Entries[^1].Entry.Id, renewal.Incarnation);

    private void OnLost()
    {
        _connectionIsNew = true;
        lease.Drop();
    }

    /// <summary>Redis may be set up otherwise since it was last looked at, or be another one.</summary>
    private async Task LookForProblemsAsync(CancellationToken cancellationToken)
    {
        _connectionIsNew = false;
        var problem = await log.ProblemAsync(cancellationToken);
        if (problem is not null && _problem is null)
            IsUnfit(logger, problem);
        _problem = problem;
        if (problem is not null)
            lease.Drop();
    }

    private async Task RefuseUnfitAsync(CancellationToken cancellationToken)
    {
        string? problem = null;
        try
        {
            problem = await log.ProblemAsync(cancellationToken);
        }
        catch (SessionStoreUnavailableException)
        {
            // An app starts without Redis, and finds it later.
        }
        if (problem is not null)
            throw new UnsupportedStoreException(problem);
    }

    private static Task IgnoreFailureAsync(Task task) => task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    [LoggerMessage(1, LogLevel.Warning, "The lease cannot be renewed: sessions are not accepted from memory until it is.")]
    private static partial void CannotRenew(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Critical, "Nobody is accepted: {Problem}")]
    private static partial void IsUnfit(ILogger logger, string problem);
}
