using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionWeb.Nodes;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Admin;

internal sealed class NodesModel(Node node, IServiceProvider services) : PageModel
{
    public IReadOnlyList<NodeStatus> Nodes { get; private set; } = [];

    public string ThisNode => node.Name;

    /// <summary>Whether nodes remember sessions at all; else every request asks the database.</summary>
    public bool Remembers { get; private set; }

    /// <summary>What makes Redis unfit, so that this node accepts nobody else; null if nothing does.</summary>
    public string? Problem { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<INodeRegistry>() is not { } registry)
            return;
        Remembers = true;
        Problem = registry.Problem;
        Nodes = await registry.ListAsync(cancellationToken);
    }

    public static (string Text, string Kind) State(NodeStatus node) =>
        node.LastRenewalAge > node.Lease ? ("not heard of", "danger")
        : node.Behind > 0 ? ("catching up", "warning")
        : ("follows", "success");

    public static string Share(NodeStatus node) =>
        node.Hits + node.Reads == 0 ? "–" : $"{100.0 * node.Hits / (node.Hits + node.Reads):0.0} % of {node.Hits + node.Reads:N0}";

    public static string Latency(NodeStatus node) => node is { RevocationMedian: { } median, RevocationP99: { } p99 }
        ? $"{median.TotalMilliseconds:0.0} ms, {p99.TotalMilliseconds:0.0} ms"
        : "–";
}
