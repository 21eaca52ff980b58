using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SessionWeb.Sessions;

namespace SessionWeb.Benchmarks;

/// <summary>The library's store over a Redis, as a node that follows the revocations.</summary>
internal sealed class LibraryNode : IAsyncDisposable
{
    private readonly IHost _host;

    private LibraryNode(IHost host) => _host = host;

    public ISessionStore Store => _host.Services.GetRequiredService<ISessionStore>();

    public static async Task<LibraryNode> StartAsync(string redis)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        // Patient, since nodes that are busy dying leave little to the others; with short leases, since each that died is waited for.
        builder.Services.AddAuthentication().AddCookie()
            .AddServerSideSessions(options => (options.StoreTimeout, options.Lease) = (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1)))
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
