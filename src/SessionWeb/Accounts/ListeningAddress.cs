using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace SessionWeb.Accounts;

/// <summary>The first address that the server listens on (https before http), as a person on this machine would type it; known once it has started.</summary>
internal sealed class ListeningAddress(IServer server, IHostApplicationLifetime lifetime)
{
    public void WhenKnown(Action<string> tell) => lifetime.ApplicationStarted.Register(() =>
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var address = addresses.FirstOrDefault(a => a.StartsWith("https:", StringComparison.OrdinalIgnoreCase)) ?? addresses.FirstOrDefault() ?? "";
        tell(address.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal).TrimEnd('/'));
    });
}
