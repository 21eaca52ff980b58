using System.Linq.Expressions;
using SessionWeb.Sessions;

namespace SessionWeb.Data;

/// <summary>
/// A session in the database. Its row remains for a day after its end, without the ticket, so that the signed-out page
/// can state the reason. Times are Unix milliseconds, so that the database can calculate with them.
/// </summary>
internal sealed class StoredSession
{
    /// <summary>How many milliseconds after its end a session remains in the database.</summary>
    public static readonly long RetainedFor = (long)SessionEnd.RetainedFor.TotalMilliseconds;

    /// <summary>
    /// Live sessions: not ended and not expired. Checking both ensures that setting a clock back revives no ended
    /// session.
    /// </summary>
    public static Expression<Func<StoredSession, bool>> LiveAt(long now) =>
        session => session.EndReason == null && session.EndsAt > now;

    /// <summary>The session of this key, which may be a former key that is still accepted.</summary>
    public static Expression<Func<StoredSession, bool>> Accepts(SessionKey key, long now)
    {
        var (tag, hash) = (key.Account.Value, key.Hash);
        return session => session.AccountTag == tag
            && (session.Hash == hash
                || session.FormerHash == hash && (session.FormerHashEndsAt == null || session.FormerHashEndsAt > now));
    }

    public required string Hash { get; init; }

    /// <summary>The hash before the session id was renewed. Null if it was not renewed.</summary>
    public string? FormerHash { get; init; }

    /// <summary>Until when the former hash is accepted. Null until the new id is used.</summary>
    public long? FormerHashEndsAt { get; init; }

    /// <summary>How many milliseconds the former hash is accepted after the first use of the new id.</summary>
    public long FormerHashGrace { get; init; }

    /// <summary>
    /// The latest epoch when the session began. Revocations of all sessions with a higher epoch end it.
    /// </summary>
    public long Epoch { get; init; }

    public required string AccountTag { get; init; }

    public required string AccountId { get; init; }

    public required string AccountName { get; init; }

    public required string Device { get; init; }

    public required string IpAddress { get; init; }

    public bool Persistent { get; init; }

    public byte[] Ticket { get; init; } = [];

    /// <summary>
    /// The account's generation when the session began. A revocation with a higher generation ends it.
    /// </summary>
    public long Generation { get; init; }

    /// <summary>The claims version of the ticket.</summary>
    public long ClaimsVersion { get; init; }

    public long IdleTimeout { get; init; }

    public long SignedInAt { get; init; }

    public long LastSeenAt { get; init; }

    public long ExpiresAt { get; init; }

    /// <summary>
    /// When it ends unless it is used again, at most <see cref="ExpiresAt"/>. For an ended session, when it ended.
    /// </summary>
    public long EndsAt { get; init; }

    /// <summary>Null unless something ended the session. It may still have expired.</summary>
    public string? EndReason { get; init; }

    public string? EndedBy { get; init; }

    public string? EndMessage { get; init; }

    public bool SignInAgain { get; init; }

    public bool IsLiveAt(long now) => EndReason is null && EndsAt > now;

    public SessionEnd Ending => new(
        EndReason ?? (EndsAt < ExpiresAt ? SessionEndReasons.Idle : SessionEndReasons.Expired), EndedBy, EndMessage,
        SignInAgain)
    {
        At = DateTimeOffset.FromUnixTimeMilliseconds(EndsAt),
    };
}
