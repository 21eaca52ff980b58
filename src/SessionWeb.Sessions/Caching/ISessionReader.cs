using Microsoft.AspNetCore.Authentication;

namespace SessionWeb.Sessions.Caching;

/// <summary>How the cookie handler comes to know a session.</summary>
internal interface ISessionReader
{
    /// <summary>The live session for which a cookie's value stands, if that is known here and now, without asking anybody.</summary>
    LoadedSession? Find(ReadOnlySpan<char> cookie);

    /// <summary>Asks the store.</summary>
    /// <param name="key">What the cookie's value stands for.</param>
    /// <param name="cookie">The cookie's value.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<LoadedSession> ReadAsync(SessionKey key, string cookie, CancellationToken cancellationToken);
}

/// <summary>A session as it was found.</summary>
/// <param name="read">What the store said.</param>
/// <param name="ticket">The ticket, to be copied before it is handed out; null without a session, or if it cannot be read.</param>
internal sealed class LoadedSession(SessionRead read, AuthenticationTicket? ticket)
{
    private long _nextUse;

    public SessionRead Read => read;

    public AuthenticationTicket? Ticket => ticket;

    /// <summary>Whether a use is worth telling of, at this timestamp: now and then.</summary>
    public bool IsActivityDue(long timestamp) => timestamp >= Volatile.Read(ref _nextUse);

    /// <summary>The same, for the one who tells: whoever asks first, and nobody for a while then.</summary>
    public bool TryTakeActivity(long timestamp, long pause)
    {
        var next = Volatile.Read(ref _nextUse);
        return timestamp >= next && Interlocked.CompareExchange(ref _nextUse, timestamp + pause, next) == next;
    }
}

/// <summary>Asks the store each time.</summary>
internal sealed class StoreSessionReader(ISessionStore store) : ISessionReader
{
    public LoadedSession? Find(ReadOnlySpan<char> cookie) => null;

    public async Task<LoadedSession> ReadAsync(SessionKey key, string cookie, CancellationToken cancellationToken) =>
        Load(await store.ReadAsync(key, cancellationToken));

    public static LoadedSession Load(SessionRead read)
    {
        if (read.Session is not { } session || TicketSerializer.Default.Deserialize(read.Ticket.ToArray()) is not { } ticket)
            return new(read, null);
        ticket.Properties.IssuedUtc = session.SignedInAt;
        ticket.Properties.ExpiresUtc = session.IdleExpiresAt;
        return new(read, ticket);
    }
}
