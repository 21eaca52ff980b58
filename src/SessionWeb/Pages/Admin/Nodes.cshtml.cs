using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionWeb.Hosting;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Admin;

internal sealed class NodesModel(NodeOptions node, IServiceProvider services) : PageModel
{
    public IReadOnlyList<NodeStatus> Nodes { get; private set; } = [];

    public string ThisNode => node.Name;

    /// <summary>Whether nodes cache sessions. Otherwise every request reads the database.</summary>
    public bool HasSessionCache { get; private set; }

    /// <summary>Why this node cannot use Redis and accepts no sessions. Null if it can.</summary>
    public string? Problem { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<INodeRegister>() is not { } register)
            return;
        HasSessionCache = true;
        Problem = register.Problem;
        Nodes = await register.ListAsync(cancellationToken);
    }

    public static (string Text, string Kind) State(NodeStatus node) =>
        node.LastRenewalAge > node.Lease ? ("Lease expired", "danger")
        : node.Behind > 0 ? ("Catching up", "warning")
        : ("Current", "success");

    public static string Renewal(NodeStatus node) =>
        $"{node.LastRenewalAge.TotalSeconds:0.0} s ago (lease {node.Lease.TotalSeconds:0.#} s)";

    public static string CacheHits(NodeStatus node)
    {
        var requests = node.Hits + node.Reads;
        return requests == 0 ? "–" : $"{100.0 * node.Hits / requests:0.0}% of {requests:N0}";
    }

    public static string Latency(NodeStatus node) =>
        node is { RevocationMedian: { } median, RevocationP99: { } p99 }
            ? $"{median.TotalMilliseconds:0.0} ms, {p99.TotalMilliseconds:0.0} ms"
            : "–";
}
