using System.Linq.Expressions;
using SessionWeb.Sessions;

namespace SessionWeb.SessionStorage;

/// <summary>
/// A session in the database. It stays there for a day after its end, without its ticket, so that the person can be told why.
/// Times are Unix milliseconds, so that the database can reckon with them.
/// </summary>
internal sealed class StoredSession
{
    /// <summary>What is live: not ended, and not expired. Both are looked at, so that no clock set back revives what was ended.</summary>
    public static Expression<Func<StoredSession, bool>> LiveAt(long now) => session => session.EndReason == null && session.EndsAt > now;

    /// <summary>The session of this key, also while it is the former one and still accepted.</summary>
    public static Expression<Func<StoredSession, bool>> Accepts(SessionKey key, long now)
    {
        var (tag, hash) = (key.Account.Value, key.Hash);
        return session => session.AccountTag == tag
            && (session.Hash == hash
                || session.FormerHash == hash && (session.FormerHashEndsAt == null || session.FormerHashEndsAt > now));
    }

    public required string Hash { get; init; }

    /// <summary>The hash before the session's id was renewed; null if it was not.</summary>
    public string? FormerHash { get; init; }

    /// <summary>Until when the former hash is accepted; null as long as the new id was not used.</summary>
    public long? FormerHashEndsAt { get; init; }

    /// <summary>For how many milliseconds the former hash is accepted after the new id was used.</summary>
    public long FormerHashGrace { get; init; }

    /// <summary>The latest epoch that was recorded when the session began: revocations of everyone with a higher one end it.</summary>
    public long Epoch { get; init; }

    public required string AccountTag { get; init; }

    public required string AccountId { get; init; }

    public required string AccountName { get; init; }

    public required string Device { get; init; }

    public required string IpAddress { get; init; }

    public bool Persistent { get; init; }

    public byte[] Ticket { get; init; } = [];

    /// <summary>The account's generation with which the session began: a revocation of a higher one ends it.</summary>
    public long Generation { get; init; }

    /// <summary>The version of the account's claims that the ticket holds.</summary>
    public long ClaimsVersion { get; init; }

    public long IdleTimeout { get; init; }

    public long SignedInAt { get; init; }

    public long LastSeenAt { get; init; }

    public long ExpiresAt { get; init; }

    /// <summary>When it ends unless it is used again, never later than <see cref="ExpiresAt"/>; or when it did end.</summary>
    public long EndsAt { get; init; }

    /// <summary>Null: nobody ended it. It may have expired all the same.</summary>
    public string? EndReason { get; init; }

    public string? EndedBy { get; init; }

    public string? EndMessage { get; init; }

    public bool SignInAgain { get; init; }

    public bool IsLiveAt(long now) => EndReason is null && EndsAt > now;

    public SessionEnd Ending => new(EndReason ?? (EndsAt < ExpiresAt ? SessionEndReasons.Idle : SessionEndReasons.Expired), EndedBy, EndMessage, SignInAgain)
    {
        At = DateTimeOffset.FromUnixTimeMilliseconds(EndsAt),
    };
}

/// <summary>What an account's sessions must not be older than.</summary>
internal sealed class StoredGeneration
{
    public required string AccountTag { get; init; }

    /// <summary>Sign-ins that began under an earlier one are refused.</summary>
    public long Generation { get; init; }

    /// <summary>Tickets with an earlier one are out of date.</summary>
    public long ClaimsVersion { get; init; }
}
