using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>What people are told of a revocation beyond its count: who confirmed it, and how soon.</summary>
internal static class Confirmation
{
    public static string Of(Revocation? revocation) => revocation switch
    {
        null or { Pending: false, Nodes.Count: 0 } => "",
        { Pending: true } => " Pending: Redis cannot be used just now. It is written down, and will be done as soon as that is possible.",
        _ => $" Confirmed by {Of(revocation.Nodes)} in {revocation.Elapsed.TotalMilliseconds:0} ms{Missing(revocation.Nodes)}.",
    };

    /// <summary>The same, of what a person did to the own other devices.</summary>
    public static string OfOthers(Revocation others) => others switch
    {
        { Pending: false, Ended: 0 } => "",
        { Pending: true } => Of(others),
        { Ended: 1 } => " One other device was signed out." + Of(others),
        _ => $" {others.Ended} other devices were signed out." + Of(others),
    };

    private static string Of(IReadOnlyList<NodeAcknowledgement> nodes) =>
        $"{nodes.Count(node => node.AckedAfter is not null)} of {nodes.Count} node{(nodes.Count == 1 ? "" : "s")}";

    private static string Missing(IReadOnlyList<NodeAcknowledgement> nodes)
    {
        var missing = nodes.Where(node => node.AckedAfter is null).Select(node => node.Name).ToList();
        return missing.Count switch
        {
            0 => "",
            1 => $"; {missing[0]} did not answer, and accepts nobody until it has caught up",
            _ => $"; {string.Join(", ", missing)} did not answer, and accept nobody until they have caught up",
        };
    }
}
