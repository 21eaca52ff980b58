namespace SessionWeb.Sessions.Events;

/// <summary>A page that somebody has open: one stream of events.</summary>
/// <param name="key">Whose session it is of.</param>
/// <param name="firstBeat">When it is first told that the node is there: a timestamp.</param>
internal sealed class OpenPage(SessionKey key, long firstBeat)
{
    private const long Now = 0;
    private const long Looking = long.MaxValue;

    private readonly Lock _gate = new();
    private PageNews? _pending;
    private TaskCompletionSource<PageNews?>? _waiting;
    private bool _closed;
    private long _beatAt = firstBeat;

    // A new page is looked at once: its session may have ended after the request was let in and before the page could be found here.
    private long _lookAt = Now;
    private DateTimeOffset _warnedOf;

    public SessionKey Key => key;

    /// <summary>What the page is to be told next, as soon as there is something; null when there will be nothing more. For one reader.</summary>
    public Task<PageNews?> NextAsync()
    {
        lock (_gate)
        {
            if (_pending is null && !_closed)
                return (_waiting = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            var next = _pending;
            _pending = null;
            return Task.FromResult(next);
        }
    }

    public void Tell(PageNews news)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            // Whoever reads slowly misses nothing that still matters.
            if (_waiting is null)
                _pending = _pending is null ? news : _pending.And(news);
            else
                Answer(news);
        }
    }

    /// <summary>Nothing more will be told.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Answer(null);
        }
    }

    private void Answer(PageNews? news)
    {
        _waiting?.SetResult(news);
        _waiting = null;
    }

    /// <summary>Tells, at this timestamp, that the node is there, if that was long ago.</summary>
    public void Beat(long timestamp, long pause)
    {
        if (timestamp < _beatAt)
            return;
        _beatAt = timestamp + pause;
        Tell(PageNews.Beat);
    }

    /// <summary>The session may have ended: look as soon as possible, and again if somebody is looking just now.</summary>
    public void LookNow() => Volatile.Write(ref _lookAt, Now);

    public bool IsDue(DateTimeOffset now) => Volatile.Read(ref _lookAt) <= now.UtcTicks;

    /// <summary>Looks at the session once, tells what there is to tell, and says when to look again.</summary>
    public async Task LookAsync(ISessionStore store, SessionsOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _lookAt, Looking);
        var next = clock.GetUtcNow() + OpenPages.Pause;
        try
        {
            var read = await store.ReadAsync(key, cancellationToken);
            if (read.Session is { } session)
            {
                next = Warn(session, options.Warning, clock.GetUtcNow());
                return;
            }
            Tell(new(Ended: read.Ending ?? new(EndReasons.Expired)));
            Close();
        }
        finally
        {
            // Unless it was asked for meanwhile.
            Interlocked.CompareExchange(ref _lookAt, next.UtcTicks, Looking);
        }
    }

    private DateTimeOffset Warn(Session session, TimeSpan ahead, DateTimeOffset now)
    {
        var end = session.IdleExpiresAt;
        if (now < end - ahead)
            return end - ahead;
        if (_warnedOf != end)
            Tell(new(Expiring: session));
        _warnedOf = end;

        // The store's clock decides; where it is behind, this one asks again and again.
        return now < end ? end : now + OpenPages.Pause;
    }
}
