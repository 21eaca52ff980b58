using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Http;

/// <summary>
/// The open event streams of this node. One subscription reports the accounts of which sessions ended. One loop checks
/// a session when it may have ended, when its warning is due, and when it should have expired.
/// </summary>
internal sealed partial class EventStreams(
    ISessionStore store, IOptions<SessionsOptions> options, IHostApplicationLifetime lifetime, TimeProvider clock,
    ILogger<EventStreams> logger) : BackgroundService
{
    /// <summary>The time before a failed operation is retried.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private const int MaxParallelChecks = 32;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly WatchedSessions _sessions = new();
    private readonly SemaphoreSlim _wake = new(0);
    private long _opened;
    private bool _isFailing;

    private long HeartbeatTicks => clock.TimestampFrequency * (long)HeartbeatInterval.TotalSeconds;

    /// <summary>Opens a stream. From now on it receives the events of its session.</summary>
    public EventStreamConnection Open(SessionKey key)
    {
        // Heartbeats are spread over time: writing to thousands of streams at once would need as many buffers, which
        // the server keeps.
        var firstHeartbeat = clock.GetTimestamp() + Random.Shared.NextInt64(HeartbeatTicks);
        var connection = new EventStreamConnection(key, Interlocked.Increment(ref _opened), firstHeartbeat);
        lock (_gate)
            _sessions.Add(connection, options.Value.MaxStreamsPerSession, options.Value.MaxStreamsPerAccount);
        // A stopping node has closed its streams already.
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            connection.Close();
        Wake();
        return connection;
    }

    public void Remove(EventStreamConnection connection)
    {
        lock (_gate)
            _sessions.Remove(connection);
    }

    /// <summary>Calls a quick action with each open stream of a session.</summary>
    public void ForEachOf(WatchedSession session, Action<EventStreamConnection> act)
    {
        lock (_gate)
            session.Connections.ForEach(act);
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The server waits for open requests before it stops other services. Browsers reconnect to another node.
        await using var closing = lifetime.ApplicationStopping.Register(
            () => ForEach(connection => connection.Close()));

        // Nothing is subscribed to until the first stream opens.
        await _wake.WaitAsync(stoppingToken);
        await Task.WhenAll(SubscribeAsync(stoppingToken), CheckRegularlyAsync(stoppingToken));
    }

    private async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await foreach (var account in store.EndedAccountsAsync(cancellationToken))
                {
                    lock (_gate)
                    {
                        foreach (var session in _sessions.Of(account))
                            session.CheckNow();
                    }

                    Wake();
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                CannotSubscribe(logger, failure);
            }
            await Task.Delay(RetryInterval, cancellationToken);
        }
    }

    private async Task CheckRegularlyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await CheckDueAsync(cancellationToken);
            var timestamp = clock.GetTimestamp();
            ForEach(connection => connection.SendHeartbeat(timestamp, HeartbeatTicks));
            await _wake.WaitAsync(CheckInterval, cancellationToken);
        }
    }

    private async Task CheckDueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        List<WatchedSession> due;
        lock (_gate)
            due = [.. _sessions.Of(null).Where(session => session.IsDue(now))];
        try
        {
            // The first failure ends the round. The remaining sessions stay due.
            await Parallel.ForEachAsync(
                due, new ParallelOptions { MaxDegreeOfParallelism = MaxParallelChecks },
                async (session, _) => await session.CheckAsync(this, store, options.Value, clock, cancellationToken));
            _isFailing = false;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_isFailing)
                CannotCheck(logger, failure);
            _isFailing = true;
            await Task.Delay(RetryInterval, cancellationToken);
        }
    }

    private void ForEach(Action<EventStreamConnection> act)
    {
        lock (_gate)
        {
            foreach (var session in _sessions.Of(null))
                session.Connections.ForEach(act);
        }
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0)
            _wake.Release();
    }

    [LoggerMessage(1, LogLevel.Warning, "The sessions of open event streams cannot be checked. The node retries.")]
    private static partial void CannotCheck(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The ends of sessions cannot be subscribed to. The node retries.")]
    private static partial void CannotSubscribe(ILogger logger, Exception exception);
}
