using SessionWeb.Hosting;

namespace SessionWeb.CommandLine;

internal static class CommandServices
{
    /// <summary>Adds the commands, which need standard output for their results.</summary>
    public static void AddCommands(this WebApplicationBuilder builder)
    {
        builder.LogOnlyWarnings();
        builder.Services.AddScoped<AccountCommands>().AddScoped<SessionCommands>();
    }
}
