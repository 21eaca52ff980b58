using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace SessionWeb.Hosting;

/// <summary>
/// The first address that the server listens on, preferably https, as a browser on this machine can open it.
/// </summary>
internal sealed class ListeningAddress(IServer server, IHostApplicationLifetime lifetime)
{
    /// <summary>Calls <paramref name="action"/> with the address after the server has started.</summary>
    public void WhenKnown(Action<string> action) => lifetime.ApplicationStarted.Register(() =>
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var address = addresses.FirstOrDefault(a => a.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
            ?? addresses.FirstOrDefault() ?? "";
        action(address
            .Replace("[::]", "localhost", StringComparison.Ordinal)
            .Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .TrimEnd('/'));
    });
}
