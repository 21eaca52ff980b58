using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions.Revoking;

internal static class RevokingServices
{
    public static void AddRevoking(this IServiceCollection services, string configuration)
    {
        var redis = RedisServices.Parse(configuration);
        services.TryAddSingleton(new ProtocolRules());
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RevocationLog>(provider, redis));
        services.AddSingleton<CurrentEveryone>().AddSingleton<Lease>().AddSingleton<NearCache>();
        services.AddSingleton<Takeover>().AddSingleton<Revoker>();
        services.AddSingleton<NearReader>().AddSingleton<NodeFigures>().AddSingleton<INodeRegistry, NodeRegistry>();
        services.AddSingleton<Heartbeat>().AddHostedService(provider => provider.GetRequiredService<Heartbeat>());
    }
}
