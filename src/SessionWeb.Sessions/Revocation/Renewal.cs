namespace SessionWeb.Sessions.Revocation;

/// <summary>The reply to a renewal.</summary>
/// <param name="Incarnation">The log's incarnation.</param>
/// <param name="IsSame">Whether the node followed this incarnation without a gap. If not, nothing was done.</param>
/// <param name="IsMember">Whether the node is in the register.</param>
/// <param name="Epoch">The current epoch.</param>
/// <param name="Head">The newest entry's number.</param><param name="First">The oldest entry's number.</param>
/// <param name="Entries">The entries after the node's last one, as many as fit into a reply.</param>
/// <param name="Problem">Why the store is unsupported, so that no lease may be held; null if it is supported.</param>
internal sealed record Renewal(
    string Incarnation, bool IsSame, bool IsMember, Epoch Epoch, long Head, long First,
    IReadOnlyList<(long Number, LogEntry Entry)> Entries, string? Problem)
{
    /// <summary>Whether the node has all entries when it has applied these.</summary>
    public bool IsComplete => Entries.Count == 0 || Entries[^1].Number == Head;
}

/// <summary>
/// How far recovery is: complete in this incarnation; the turn of the node that asked, or of another one; or the log
/// has another incarnation than the node expected. The values are the codes of turn.lua.
/// </summary>
internal enum RecoveryState { Complete = 0, OwnTurn = 1, OtherTurn = 2, Changed = 3 }
