namespace SessionWeb.Data;

/// <summary>
/// An entry of the audit log: what happened, to whom, by whom, from where. The database refuses to change an entry.
/// </summary>
internal sealed record AuditEntry
{
    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The event's fixed name, such as <c>signed-in</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The affected account. Null if the entry concerns all accounts, or a name without an account.</summary>
    public string? AccountId { get; init; }

    /// <summary>The account's name at that time, or the name that a refused sign-in used.</summary>
    public string? AccountName { get; init; }

    /// <summary>The actor's name. Null if the affected account acted itself.</summary>
    public string? By { get; init; }

    /// <summary>
    /// The actor's account id. Null if <see cref="By"/> is null or has no account, such as the command line.
    /// </summary>
    public string? ById { get; init; }

    /// <summary>The handle of the affected session, or else of the actor's session.</summary>
    public string? SessionHandle { get; init; }

    /// <summary>The actor's address.</summary>
    public string? IpAddress { get; init; }

    /// <summary>The actor's device.</summary>
    public string? Device { get; init; }

    public string? Node { get; init; }

    /// <summary>The fixed code of the reason: why a session ended, or why a request was refused.</summary>
    public string? Reason { get; init; }

    /// <summary>Further details: a message to the user, a role, or a path.</summary>
    public string? Details { get; init; }

    /// <summary>How many sessions ended, or how many further requests were denied.</summary>
    public int? Count { get; init; }
}
