namespace SessionWeb.Audit;

/// <summary>Something that happened, to whom, by whom, from where. Once written it never changes; the database refuses it.</summary>
internal sealed record AuditEntry
{
    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>One of <see cref="AuditEvents"/>.</summary>
    public required string Event { get; init; }

    /// <summary>Whom it concerns; null where it concerns everyone, or nobody who has an account.</summary>
    public string? AccountId { get; init; }

    /// <summary>The account's name at that time, or the name that somebody tried to sign in with.</summary>
    public string? AccountName { get; init; }

    /// <summary>Who did it; null for the person whom it concerns.</summary>
    public string? By { get; init; }

    /// <summary>The account id of <see cref="By"/>; null where that is null or has no account, such as the command line.</summary>
    public string? ById { get; init; }

    /// <summary>The session that it is about, or else the one that it was done in.</summary>
    public string? SessionHandle { get; init; }

    /// <summary>The address of whoever did it, as <see cref="Device"/> is theirs.</summary>
    public string? IpAddress { get; init; }

    public string? Device { get; init; }

    public string? Node { get; init; }

    /// <summary>Why, in one word: of <see cref="SessionWeb.Sessions.SessionEndReasons"/>, or why something was refused.</summary>
    public string? Reason { get; init; }

    /// <summary>What else there is to say: a message to the person, a role, an address of this site.</summary>
    public string? Details { get; init; }

    /// <summary>How many sessions ended, or how many further requests were denied.</summary>
    public int? Count { get; init; }
}
