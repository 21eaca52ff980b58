using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SessionWeb.Sessions;

namespace SessionWeb.Benchmarks;

/// <summary>The library's store with Redis, as a node that follows the revocation log.</summary>
internal sealed class LibraryNode : IAsyncDisposable
{
    private readonly IHost _host;

    private LibraryNode(IHost host) => _host = host;

    public ISessionStore Store => _host.Services.GetRequiredService<ISessionStore>();

    public static async Task<LibraryNode> StartAsync(string redis)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        // A long store timeout, because restarting nodes delay the others. A short lease, because revocations wait for
        // the lease of each killed node.
        builder.Services.AddAuthentication().AddCookie()
            .AddServerSideSessions(sessions =>
            {
                sessions.StoreTimeout = TimeSpan.FromSeconds(30);
                sessions.Lease = TimeSpan.FromSeconds(1);
            })
            .UseRedis(redis);
        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
