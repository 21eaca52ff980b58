namespace SessionWeb.Hosting;

internal static class NodeServices
{
    public static void AddNode(this WebApplicationBuilder builder)
    {
        var node = builder.Configuration.GetSection("Node").Get<NodeOptions>() ?? new();
        if (node.Name.Length is 0 or > 64
            || node.Name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
        {
            throw new StartupException(
                $"Node:Name must be 1 to 64 letters, digits, '-', '_' and '.', but was '{node.Name}'.");
        }

        builder.Services.AddSingleton(node).AddSingleton<ListeningAddress>();
    }

    /// <summary>Adds the <c>X-Node</c> header to every response if <c>Node:ShowInResponses</c> is true.</summary>
    public static void UseNodeHeader(this WebApplication app)
    {
        var node = app.Services.GetRequiredService<NodeOptions>();
        if (node.ShowInResponses)
        {
            app.Use((context, next) =>
            {
                context.Response.Headers["X-Node"] = node.Name;
                return next(context);
            });
        }
    }
}
