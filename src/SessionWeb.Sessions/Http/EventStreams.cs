using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Http;

/// <summary>
/// The pages that people have open at this node. One subscription tells of whom to look at again, one loop looks: at a
/// session when it may have been ended, when its warning is due and when it should have expired; never otherwise.
/// </summary>
internal sealed partial class EventStreams(
    ISessionStore store, IOptions<SessionsOptions> options, IHostApplicationLifetime lifetime, TimeProvider clock,
    ILogger<EventStreams> logger)
    : BackgroundService
{
    /// <summary>Before what failed is tried again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int LooksAtOnce = 32;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<AccountTag, List<WatchedSession>> _accounts = [];
    private readonly SemaphoreSlim _woken = new(0);
    private long _opened;
    private bool _failing;

    private long HeartbeatInterval => clock.TimestampFrequency * (long)Heartbeat.TotalSeconds;

    /// <summary>From here on the page is told what becomes of its session.</summary>
    public EventStreamConnection Open(SessionKey key)
    {
        // Each page has a beat of its own: if thousands were written to in one moment, each would want a buffer then,
        // and the server keeps them.
        var firstBeat = clock.GetTimestamp() + Random.Shared.NextInt64(HeartbeatInterval);
        var page = new EventStreamConnection(key, Interlocked.Increment(ref _opened), firstBeat);
        lock (_gate)
        {
            if (!_accounts.TryGetValue(key.Account, out var sessions))
                _accounts.Add(key.Account, sessions = new(1));
            if (sessions.Find(session => session.Key.Handle == key.Handle) is not { } session)
                sessions.Add(session = new(key));
            session.Pages.Add(page);
            session.CheckNow();
            MakeRoom(session, sessions);
        }
        // A stopping node closes what it holds; what came too late for that closes here.
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            page.Close();
        Wake();
        return page;
    }

    public void Remove(EventStreamConnection page)
    {
        lock (_gate)
        {
            // A page that made room for another has left already.
            if (_accounts.TryGetValue(page.Key.Account, out var sessions)
                && sessions.Find(session => session.Key.Handle == page.Key.Handle) is { } session)
                Remove(page, session, sessions);
        }
    }

    private void MakeRoom(WatchedSession newest, List<WatchedSession> account)
    {
        while (newest.Pages.Count > options.Value.MaxStreamsPerSession)
            Displace(newest, account);
        while (account.Sum(session => session.Pages.Count) > options.Value.MaxStreamsPerAccount)
            Displace(account.MinBy(session => session.Pages[0].Number)!, account);
    }

    private void Displace(WatchedSession session, List<WatchedSession> account)
    {
        var oldest = session.Pages[0];
        Remove(oldest, session, account);
        oldest.Displace();
    }

    private void Remove(EventStreamConnection page, WatchedSession session, List<WatchedSession> account)
    {
        session.Pages.Remove(page);
        if (session.Pages.Count == 0)
            account.Remove(session);
        if (account.Count == 0)
            _accounts.Remove(session.Key.Account);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The server waits for its requests before it stops anything else, so these must end first. Browsers come back,
        // to another node.
        await using var closing = lifetime.ApplicationStopping.Register(() => ForEachPage(page => page.Close()));

        // As long as no page was ever opened, nothing is listened to.
        await _woken.WaitAsync(stoppingToken);
        await Task.WhenAll(ListenAsync(stoppingToken), WatchAsync(stoppingToken));
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await foreach (var account in store.EndedAccountsAsync(cancellationToken))
                {
                    ForEach(account, session => session.CheckNow());
                    Wake();
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                CannotListen(logger, failure);
            }
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await LookAsync(cancellationToken);
            var timestamp = clock.GetTimestamp();
            ForEachPage(page => page.SendHeartbeat(timestamp, HeartbeatInterval));
            await _woken.WaitAsync(Tick, cancellationToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        List<WatchedSession> due = [];
        ForEach(null, session =>
        {
            if (session.IsDue(now))
                due.Add(session);
        });
        if (due.Count == 0)
            return;
        try
        {
            // The first failure stops the round: what was not looked at stays due.
            await Parallel.ForEachAsync(
                due, new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce },
                async (session, _) => await session.CheckAsync(this, store, options.Value, clock, cancellationToken));
            _failing = false;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_failing)
                CannotLook(logger, failure);
            _failing = true;
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Does something quick with each open page of a session.</summary>
    public void ForEachOf(WatchedSession session, Action<EventStreamConnection> act)
    {
        lock (_gate)
            session.Pages.ForEach(act);
    }

    private void ForEachPage(Action<EventStreamConnection> act) => ForEach(null, session => session.Pages.ForEach(act));

    /// <param name="account">The account whose sessions are meant; null for all accounts.</param>
    /// <param name="act">What to do with each, quickly.</param>
    private void ForEach(AccountTag? account, Action<WatchedSession> act)
    {
        lock (_gate)
        {
            if (account is null)
                foreach (var sessions in _accounts.Values)
                    sessions.ForEach(act);
            else if (_accounts.TryGetValue(account.Value, out var sessions))
                sessions.ForEach(act);
        }
    }

    private void Wake()
    {
        if (_woken.CurrentCount == 0)
            _woken.Release();
    }

    public override void Dispose()
    {
        _woken.Dispose();
        base.Dispose();
    }

    [LoggerMessage(1, LogLevel.Warning, "Open pages cannot be told of endings just now; it is tried again.")]
    private static partial void CannotLook(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The store does not tell of endings just now; it is asked again.")]
    private static partial void CannotListen(ILogger logger, Exception exception);
}
