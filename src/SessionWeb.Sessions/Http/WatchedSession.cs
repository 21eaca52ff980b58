namespace SessionWeb.Sessions.Http;

/// <summary>A session that has open pages. One look at it serves all of them.</summary>
/// <param name="key">The session.</param>
internal sealed class WatchedSession(SessionKey key)
{
    private const long Now = 0;
    private const long Looking = long.MaxValue;

    // A session is looked at when a page opens: it may have ended after the request was let in and before the page was
    // found.
    private long _lookAt = Now;

    public SessionKey Key => key;

    /// <summary>The open pages, oldest first; to be used under the lock of <see cref="EventStreams"/>.</summary>
    public List<EventStreamConnection> Pages { get; } = new(1);

    /// <summary>The session may have ended: look as soon as possible, and again if a look is in progress.</summary>
    public void CheckNow() => Volatile.Write(ref _lookAt, Now);

    public bool IsDue(DateTimeOffset now) => Volatile.Read(ref _lookAt) <= now.UtcTicks;

    /// <summary>Reads the session once, tells its pages about an end or a warning, and plans the next look.</summary>
    public async Task CheckAsync(
        EventStreams pages, ISessionStore store, SessionsOptions options, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        Volatile.Write(ref _lookAt, Looking);
        var next = clock.GetUtcNow() + EventStreams.Pause;
        try
        {
            var read = await store.ReadAsync(key, cancellationToken);
            while (read.RenewedKey is { } renewed)
                read = await store.ReadAsync(renewed, cancellationToken);
            next = read.Session is { } session
                ? Warn(pages, session, options.Warning, clock.GetUtcNow())
                : End(pages, read.End);
        }
        finally
        {
            // Unless it was asked for meanwhile.
            Interlocked.CompareExchange(ref _lookAt, next.UtcTicks, Looking);
        }
    }

    private DateTimeOffset Warn(EventStreams pages, Session session, TimeSpan ahead, DateTimeOffset now)
    {
        var end = session.IdleExpiresAt;
        if (now < end - ahead)
            return end - ahead;
        pages.ForEachOf(this, page => page.Warn(session));

        // The store's clock decides; where it is behind, this one asks again and again.
        return now < end ? end : now + EventStreams.Pause;
    }

    private DateTimeOffset End(EventStreams pages, SessionEnd? ending)
    {
        pages.ForEachOf(this, page =>
        {
            page.Send(new(Ended: ending ?? new(SessionEndReasons.Expired)));
            page.Close();
        });

        // An ended session has nothing more to tell, unless one more page opens.
        return DateTimeOffset.MaxValue;
    }
}
