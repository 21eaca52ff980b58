namespace SessionWeb.Nodes;

/// <summary>The settings under <c>Node</c>: who this process is among the nodes of a farm.</summary>
internal sealed class Node
{
    private static readonly string DefaultName = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>The node's name; default: host name and process id.</summary>
    public string Name { get; set; } = DefaultName;

    /// <summary>Whether every response names the node in an <c>X-Node</c> header. Default false.</summary>
    public bool ShowInResponses { get; set; }

    /// <summary>The name that every user may see; null for the default name, which reveals the host and the process id.</summary>
    public string? PublicName => ShowInResponses || Name != DefaultName ? Name : null;
}

internal static class NodeSetup
{
    public static void AddNode(this WebApplicationBuilder builder)
    {
        var node = builder.Configuration.GetSection("Node").Get<Node>() ?? new();
        if (node.Name.Length is 0 or > 64 || node.Name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
            throw new StartupException($"Node:Name is '{node.Name}'; it takes 1 to 64 letters, digits, '-', '_' and '.'.");
        builder.Services.AddSingleton(node);
    }

    public static void UseNode(this WebApplication app)
    {
        var node = app.Services.GetRequiredService<Node>();
        if (node.ShowInResponses)
            app.Use((context, next) =>
            {
                context.Response.Headers["X-Node"] = node.Name;
                return next(context);
            });
    }
}
