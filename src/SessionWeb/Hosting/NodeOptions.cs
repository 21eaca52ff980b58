namespace SessionWeb.Hosting;

/// <summary>The settings under <c>Node</c>: how this process is named among the nodes of a farm.</summary>
internal sealed class NodeOptions
{
    private static readonly string DefaultName = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>The node's name. Default: host name and process id.</summary>
    public string Name { get; set; } = DefaultName;

    /// <summary>Whether every response names the node in an <c>X-Node</c> header. Default false.</summary>
    public bool ShowInResponses { get; set; }

    /// <summary>
    /// The name that every user may see. Null for the default name, which reveals the host and the process id.
    /// </summary>
    public string? PublicName => ShowInResponses || Name != DefaultName ? Name : null;
}
