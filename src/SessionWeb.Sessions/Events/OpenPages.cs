using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Events;

/// <summary>
/// The pages that people have open at this node. One subscription tells of whom to look at again, one loop looks: at a session when it may
/// have been ended, when its warning is due and when it should have expired; never otherwise.
/// </summary>
internal sealed partial class OpenPages(
    ISessionStore store, IOptions<SessionsOptions> options, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<OpenPages> logger)
    : BackgroundService
{
    /// <summary>Before what failed is tried again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int LooksAtOnce = 32;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<AccountTag, List<OpenPage>> _pages = [];
    private readonly SemaphoreSlim _woken = new(0);
    private bool _failing;

    private long BeatPause => clock.TimestampFrequency * (long)Heartbeat.TotalSeconds;

    /// <summary>From here on the page is told what becomes of its session.</summary>
    public OpenPage Open(SessionKey key)
    {
        // Each page has a beat of its own: if thousands were written to in one moment, each would want a buffer then, and the server keeps them.
        var page = new OpenPage(key, clock.GetTimestamp() + Random.Shared.NextInt64(BeatPause));
        lock (_gate)
        {
            if (!_pages.TryGetValue(key.Account, out var pages))
                _pages.Add(key.Account, pages = new(1));
            pages.Add(page);
        }
        // A stopping node closes what it holds; what came too late for that closes here.
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            page.Close();
        Wake();
        return page;
    }

    public void Leave(OpenPage page)
    {
        lock (_gate)
        {
            var pages = _pages[page.Key.Account];
            pages.Remove(page);
            if (pages.Count == 0)
                _pages.Remove(page.Key.Account);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The server waits for its requests before it stops anything else, so these must end first. Browsers come back, to another node.
        await using var closing = lifetime.ApplicationStopping.Register(() => ForEach(null, page => page.Close()));

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
                await foreach (var account in store.EndingsAsync(cancellationToken))
                {
                    ForEach(account, page => page.LookNow());
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
            ForEach(null, page => page.Beat(timestamp, BeatPause));
            await _woken.WaitAsync(Tick, cancellationToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        List<OpenPage> due = [];
        ForEach(null, page =>
        {
            if (page.IsDue(now))
                due.Add(page);
        });
        if (due.Count == 0)
            return;
        try
        {
            // The first failure stops the round: what was not looked at stays due.
            await Parallel.ForEachAsync(
                due, new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce },
                async (page, _) => await page.LookAsync(store, options.Value, clock, cancellationToken));
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

    /// <param name="account">Whose pages; null for everybody's.</param>
    /// <param name="act">What to do with each, quickly.</param>
    private void ForEach(AccountTag? account, Action<OpenPage> act)
    {
        lock (_gate)
        {
            if (account is null)
                foreach (var pages in _pages.Values)
                    pages.ForEach(act);
            else if (_pages.TryGetValue(account.Value, out var pages))
                pages.ForEach(act);
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
