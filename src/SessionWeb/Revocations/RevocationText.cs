using SessionWeb.Sessions;

namespace SessionWeb.Revocations;

/// <summary>Describes a revocation in the audit log, on pages and on the command line.</summary>
internal static class RevocationText
{
    /// <summary>
    /// Which nodes confirmed the revocation and in which time, or that it is pending. Empty if no node had to confirm
    /// it.
    /// </summary>
    public static string Confirmation(RevocationResult? result) => result switch
    {
        null or { Pending: false, Nodes.Count: 0 } => "",
        { Pending: true } =>
            "Pending: Redis is unavailable, so this is not in effect on every node yet. "
            + "It is saved and will be applied automatically.",
        _ => $"Confirmed by {Confirmed(result.Nodes)} in {result.Elapsed.TotalMilliseconds:0} ms"
            + $"{Missing(result.Nodes)}.",
    };

    /// <summary><see cref="Confirmation"/> to append to a sentence, after a space.</summary>
    public static string Appended(RevocationResult? result) =>
        Confirmation(result) is { Length: > 0 } text ? " " + text : "";

    /// <summary>
    /// The end of a sentence that states a change: the number of ended sessions, unless the revocation is pending.
    /// </summary>
    public static string WithCount(RevocationResult? result) =>
        result is { Pending: true }
            ? "." + Appended(result)
            : $"; {Sessions(result?.Ended ?? 0)} ended.{Appended(result)}";

    public static string Sessions(int count) => count == 1 ? "1 session" : $"{count} sessions";

    private static string Confirmed(IReadOnlyList<NodeAcknowledgement> nodes) =>
        $"{nodes.Count(node => node.AcknowledgedAfter is not null)} of {nodes.Count} "
        + (nodes.Count == 1 ? "node" : "nodes");

    private static string Missing(IReadOnlyList<NodeAcknowledgement> nodes)
    {
        var missing = nodes.Where(node => node.AcknowledgedAfter is null).Select(node => node.Name).ToList();
        return missing.Count switch
        {
            0 => "",
            1 => $"; {missing[0]} did not answer, and accepts no sessions until it has caught up",
            _ => $"; {string.Join(", ", missing)} did not answer, and accept no sessions until they have caught up",
        };
    }
}
