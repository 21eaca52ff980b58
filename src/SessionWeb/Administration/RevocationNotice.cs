using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>
/// The result of a revocation, for pages and commands: how many nodes confirmed it and how fast, or that it is pending.
/// </summary>
internal static class RevocationNotice
{
    public static string Of(RevocationResult? revocation) => revocation switch
    {
        null or { Pending: false, Nodes.Count: 0 } => "",
        { Pending: true } =>
            " Pending: Redis is unavailable, so this is not in effect on every node yet."
            + " It is saved and will be applied automatically.",
        { Nodes: var nodes, Elapsed.TotalMilliseconds: var time } =>
            $" Confirmed by {Of(nodes)} in {time:0} ms{Missing(nodes)}.",
    };

    /// <summary>Ends a sentence about a change with the count of ended sessions, unless it is pending.</summary>
    public static string WithCount(RevocationResult? revocation) =>
        revocation is { Pending: true }
            ? "." + Of(revocation)
            : $"; {Sessions(revocation?.Ended ?? 0)} ended.{Of(revocation)}";

    /// <summary>The sentence about the other devices of a user who revoked their sessions.</summary>
    public static string OfOthers(RevocationResult others) => others switch
    {
        { Pending: true } => Of(others),
        { Ended: 0 } => Of(others),
        { Ended: 1 } => " One other device was signed out." + Of(others),
        _ => $" {others.Ended} other devices were signed out." + Of(others),
    };

    public static string Sessions(int count) => count == 1 ? "1 session" : $"{count} sessions";

    private static string Of(IReadOnlyList<NodeAcknowledgement> nodes)
    {
        var acknowledged = nodes.Count(node => node.AcknowledgedAfter is not null);
        return $"{acknowledged} of {nodes.Count} node{(nodes.Count == 1 ? "" : "s")}";
    }

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
