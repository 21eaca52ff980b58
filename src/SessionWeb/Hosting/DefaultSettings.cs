using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace SessionWeb.Hosting;

/// <summary>Settings that apply unless another configuration source sets them.</summary>
internal static class DefaultSettings
{
    private const string Urls = "http://localhost:5080";

    /// <summary>
    /// Adds the appsettings.json beside the app, for a start from another folder, and the default address. Both come
    /// before every other source, so that ASPNETCORE_URLS takes effect as <c>--urls</c> does.
    /// </summary>
    public static void AddDefaultSettings(this ConfigurationManager configuration)
    {
        var beside = new JsonConfigurationSource
        {
            Path = Path.Combine(AppContext.BaseDirectory, "appsettings.json"),
            Optional = true,
        };
        beside.ResolveFileProvider();
        configuration.Sources.Insert(0, beside);
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Urls", Urls)] });
    }
}
