using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Revoking;

/// <summary>
/// Follows the revocation log: every half second, when an entry is told of, and when a request needs it. One renewal at a time: it applies
/// what it hears, then renews the lease, then acknowledges.
/// </summary>
internal sealed partial class Heartbeat(
    RevocationLog log, NearCache cache, Lease lease, CurrentEveryone everyone, Takeover takeover, NodeFigures figures, ProtocolRules rules,
    IOptions<SessionsOptions> options, TimeProvider clock, ILogger<Heartbeat> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SweepPace = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FiguresPace = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _woken = new(0);
    private Task _latest = Task.CompletedTask;
    private Task? _next;
    private LogPosition _applied = LogPosition.Unknown;
    private volatile string _node = "";
    private long _told;
    private bool _failing;

    /// <summary>The Redis that is followed.</summary>
    public string Incarnation => _applied.Incarnation;

    /// <summary>This node among the others; empty while it remembers nothing.</summary>
    public string Node => _node;

    /// <summary>Raised after some node acknowledged something.</summary>
    public event Action? Acknowledged;

    /// <summary>Sees to it that everything that was revoked before this call has been applied when it is done.</summary>
    /// <exception cref="SessionStoreUnavailableException">The log could not be read.</exception>
    public Task CatchUpAsync(CancellationToken cancellationToken) => lease.IsHeld ? Task.CompletedTask : RenewInTimeAsync(cancellationToken);

    /// <summary>Renews with a renewal that is sent after this call; callers that come together share it.</summary>
    public Task RenewAsync()
    {
        lock (_gate)
            return _next ??= _latest = RenewAfterAsync(_latest);
    }

    public void Wake()
    {
        if (_woken.CurrentCount == 0)
            _woken.Release();
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
        await Quietly(RenewAsync());
        cache.Clear();
        lease.Drop();
        await Quietly(log.LeaveAsync(node, cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Whoever has lost Redis knows that it will not renew: better to say so at once than when the lease runs out.
        log.Lost += lease.Drop;
        var listening = log.ListenAsync(Wake, () => Acknowledged?.Invoke(), stoppingToken);
        var swept = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RenewAsync();
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
            await Quietly(_woken.WaitAsync(_failing ? Pace / 5 : Pace, stoppingToken));
        }
        log.Lost -= lease.Drop;
        await Quietly(listening);
    }

    private async Task RenewInTimeAsync(CancellationToken cancellationToken)
    {
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
        await Quietly(previous);
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
        var node = _node;
        var (sent, sentAt) = (clock.GetTimestamp(), clock.GetUtcNow());
        var renewal = await log.RenewAsync(node, _applied, Figures(), CancellationToken.None);
        if (!renewal.IsSame && (rules.Incarnation || _applied == LogPosition.Unknown))
        {
            lease.Drop();
            cache.Clear();
            await takeover.RunAsync(renewal);
            _applied = new(0, "", renewal.Incarnation);
            return true;
        }

        var isWhole = renewal.Entries.Count == 0 || renewal.Entries[^1].Number == renewal.Head;
        if (!rules.LeaseAfterApply)
            Extend();
        if (!rules.ApplyBeforeAck && renewal.Entries.Count > 0)
            await log.RenewAsync(node, At(renewal), "", CancellationToken.None);
        await rules.LingerAsync();
        if (renewal.Everyone.Generation > everyone.Value.Generation)
        {
            everyone.Value = renewal.Everyone;
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
            if (!isWhole || node.Length == 0)
                return;
            if (rules.LeaseFromSending)
                lease.Extend(sent, sentAt, options.Value.Lease);
            else
                lease.Extend(clock.GetTimestamp(), clock.GetUtcNow(), options.Value.Lease);
        }
    }

    private string Figures()
    {
        if (clock.GetElapsedTime(_told) < FiguresPace)
            return "";
        _told = clock.GetTimestamp();
        return figures.ToString();
    }

    private static LogPosition At(Renewal renewal) => new(renewal.Entries[^1].Number, renewal.Entries[^1].Entry.Id, renewal.Incarnation);

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
            throw new UnfitStoreException(problem);
    }

    private static Task Quietly(Task task) => task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    public override void Dispose()
    {
        _woken.Dispose();
        base.Dispose();
    }

    [LoggerMessage(1, LogLevel.Warning, "The lease cannot be renewed: sessions are not accepted from memory until it is.")]
    private static partial void CannotRenew(ILogger logger, Exception exception);
}
