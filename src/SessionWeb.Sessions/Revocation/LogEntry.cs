namespace SessionWeb.Sessions.Revocation;

/// <summary>
/// An entry of the revocation log: the revocation's id, its account (null for all), the account's new generation, the
/// handles of the sessions that ended, and the account's new claims version.
/// </summary>
internal sealed record LogEntry(
    string Id, AccountTag? Account, long? Generation, IReadOnlyList<string> Handles, long? ClaimsVersion = null);

/// <summary>A position in the log of one incarnation.</summary>
internal sealed record LogPosition(long Number, string Id, string Incarnation)
{
    public static readonly LogPosition Unknown = new(0, "", "");
}

/// <summary>An entry as it is published. A node that applied the entry before it need not read the log.</summary>
internal sealed record PublishedEntry(LogPosition Position, LogEntry Entry);

/// <summary>An appended entry, the nodes that must acknowledge it, by id, and the longest lease of any node.</summary>
internal sealed record AppendedEntry(
    long Number, string Incarnation, Dictionary<string, NodeState> Nodes, TimeSpan LongestLease);

/// <summary>
/// A node in the register: its id (name, colon, random part), its stored text, the last log entry that it applied, the
/// store's time of its last renewal, and the length of its leases.
/// </summary>
internal sealed record NodeState(string Id, string Stored, long Acknowledged, DateTimeOffset RenewedAt, TimeSpan Lease)
{
    public string Name => Id[..Id.LastIndexOf(':')];
}
