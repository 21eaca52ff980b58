using Microsoft.AspNetCore.Authentication;

namespace SessionWeb.Sessions.Caching;

/// <summary>A session as it was read, with its deserialized ticket.</summary>
/// <param name="read">What the store returned.</param>
/// <param name="ticket">
/// The ticket, to be cloned before use; null without a session, or if it cannot be deserialized.
/// </param>
internal sealed class LoadedSession(SessionRead read, AuthenticationTicket? ticket)
{
    private long _activityDueAt;

    public SessionRead Read => read;

    public AuthenticationTicket? Ticket => ticket;

    public static LoadedSession From(SessionRead read)
    {
        if (read.Session is not { } session
            || TicketSerializer.Default.Deserialize(read.Ticket.ToArray()) is not { } ticket)
        {
            return new(read, null);
        }

        ticket.Properties.IssuedUtc = session.SignedInAt;
        ticket.Properties.ExpiresUtc = session.IdleExpiresAt;
        return new(read, ticket);
    }

    /// <summary>Whether the session's activity should be recorded at this timestamp.</summary>
    public bool IsActivityDue(long timestamp) => timestamp >= Volatile.Read(ref _activityDueAt);

    /// <summary>
    /// Like <see cref="IsActivityDue"/>, but true for one caller only: not again until the interval is over.
    /// </summary>
    public bool TryTakeActivity(long timestamp, long interval)
    {
        var due = Volatile.Read(ref _activityDueAt);
        return timestamp >= due && Interlocked.CompareExchange(ref _activityDueAt, timestamp + interval, due) == due;
    }
}
