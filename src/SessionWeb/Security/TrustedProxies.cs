using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using SessionWeb.Hosting;

namespace SessionWeb.Security;

/// <summary>
/// <c>ForwardedHeaders:KnownProxies</c>: the proxies whose <c>X-Forwarded-For</c> and <c>-Proto</c> are trusted.
/// </summary>
internal static class TrustedProxies
{
    public static void AddTrustedProxies(this WebApplicationBuilder builder)
    {
        var proxies = Parse(builder.Configuration.GetSection("ForwardedHeaders:KnownProxies"));
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var proxy in proxies)
                options.KnownIPNetworks.Add(proxy);

            // ASP.NET Core trusts every client if both lists are empty, and ForwardedHeaders_Enabled adds the
            // middleware without this app.
            options.ForwardedHeaders = proxies.Count > 0
                ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
                : ForwardedHeaders.None;
        });
    }

    public static void UseTrustedProxies(this WebApplication app)
    {
        if (Parse(app.Configuration.GetSection("ForwardedHeaders:KnownProxies")).Count > 0)
            app.UseForwardedHeaders();
    }

    /// <summary>Reads a list, or one value whose parts are separated by commas or semicolons.</summary>
    private static List<System.Net.IPNetwork> Parse(IConfigurationSection setting) =>
    [
        .. setting.GetChildren().Select(child => child.Value).Prepend(setting.Value).OfType<string>()
            .SelectMany(value =>
                value.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(proxy =>
                IPAddress.TryParse(proxy, out var address) ? new(address, address.GetAddressBytes().Length * 8)
                : System.Net.IPNetwork.TryParse(proxy, out var network) ? network
                : throw new StartupException(
                    "ForwardedHeaders:KnownProxies must be IP addresses and networks such as 10.0.0.0/8, "
                    + $"but contains '{proxy}'.")),
    ];
}
