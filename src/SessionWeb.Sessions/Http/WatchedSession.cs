namespace SessionWeb.Sessions.Http;

/// <summary>A session with open event streams. One check of the session serves all of them.</summary>
/// <param name="key">The session's key.</param>
internal sealed class WatchedSession(SessionKey key)
{
    private const long Now = 0;
    private const long IsChecking = long.MaxValue;

    // Checked when a stream opens: the session may have ended after the request was accepted and before the stream was
    // added.
    private long _checkAt = Now;

    public SessionKey Key => key;

    /// <summary>The open streams, oldest first. Used under the lock of <see cref="EventStreams"/>.</summary>
    public List<EventStreamConnection> Connections { get; } = new(1);

    /// <summary>The session may have ended: check as soon as possible, and again if a check is in progress.</summary>
    public void CheckNow() => Volatile.Write(ref _checkAt, Now);

    public bool IsDue(DateTimeOffset now) => Volatile.Read(ref _checkAt) <= now.UtcTicks;

    /// <summary>
    /// Reads the session once, sends its end or a warning to its streams, and schedules the next check.
    /// </summary>
    public async Task CheckAsync(
        EventStreams streams, ISessionStore store, SessionsOptions options, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        Volatile.Write(ref _checkAt, IsChecking);
        var next = clock.GetUtcNow() + EventStreams.RetryInterval;
        try
        {
            var read = await store.ReadAsync(key, cancellationToken);
            while (read.RenewedKey is { } renewed)
                read = await store.ReadAsync(renewed, cancellationToken);
            next = read.Session is { } session
                ? Warn(streams, session, options.Warning, clock.GetUtcNow())
                : End(streams, read.End);
        }
        finally
        {
            // Unless another check was requested meanwhile.
            Interlocked.CompareExchange(ref _checkAt, next.UtcTicks, IsChecking);
        }
    }

    private DateTimeOffset Warn(EventStreams streams, Session session, TimeSpan ahead, DateTimeOffset now)
    {
        var end = session.IdleExpiresAt;
        if (now < end - ahead)
            return end - ahead;
        streams.ForEachOf(this, connection => connection.Warn(session));

        // The store's clock decides. If it is behind this one, the session is checked repeatedly.
        return now < end ? end : now + EventStreams.RetryInterval;
    }

    private DateTimeOffset End(EventStreams streams, SessionEnd? end)
    {
        streams.ForEachOf(this, connection =>
        {
            connection.Send(new(Ended: end ?? new(SessionEndReasons.Expired)));
            connection.Close();
        });

        // Another check is needed only if another stream opens.
        return DateTimeOffset.MaxValue;
    }
}
