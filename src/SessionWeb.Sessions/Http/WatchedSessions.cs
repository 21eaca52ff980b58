namespace SessionWeb.Sessions.Http;

/// <summary>
/// The sessions with open event streams, by account. Callers hold the lock of <see cref="EventStreams"/>.
/// </summary>
internal sealed class WatchedSessions
{
    private readonly Dictionary<AccountTag, List<WatchedSession>> _accounts = [];

    /// <summary>The sessions of an account; null for all accounts.</summary>
    public IEnumerable<WatchedSession> Of(AccountTag? account) => account is { } tag
        ? _accounts.GetValueOrDefault(tag) ?? []
        : _accounts.Values.SelectMany(sessions => sessions);

    /// <summary>
    /// Adds a stream, and displaces the oldest ones beyond the limits of its session and its account.
    /// </summary>
    public void Add(EventStreamConnection connection, int maxPerSession, int maxPerAccount)
    {
        var key = connection.Key;
        if (!_accounts.TryGetValue(key.Account, out var sessions))
            _accounts.Add(key.Account, sessions = new(1));
        if (sessions.Find(session => session.Key.Handle == key.Handle) is not { } session)
            sessions.Add(session = new(key));
        session.Connections.Add(connection);
        session.CheckNow();

        while (session.Connections.Count > maxPerSession)
            Displace(session, sessions);
        while (sessions.Sum(one => one.Connections.Count) > maxPerAccount)
            Displace(sessions.MinBy(one => one.Connections[0].Number)!, sessions);
    }

    /// <summary>Removes a stream, unless it was displaced before.</summary>
    public void Remove(EventStreamConnection connection)
    {
        var key = connection.Key;
        if (_accounts.TryGetValue(key.Account, out var sessions)
            && sessions.Find(session => session.Key.Handle == key.Handle) is { } session)
        {
            Remove(connection, session, sessions);
        }
    }

    private void Displace(WatchedSession session, List<WatchedSession> account)
    {
        var oldest = session.Connections[0];
        Remove(oldest, session, account);
        oldest.Displace();
    }

    private void Remove(EventStreamConnection connection, WatchedSession session, List<WatchedSession> account)
    {
        session.Connections.Remove(connection);
        if (session.Connections.Count == 0)
            account.Remove(session);
        if (account.Count == 0)
            _accounts.Remove(session.Key.Account);
    }
}
