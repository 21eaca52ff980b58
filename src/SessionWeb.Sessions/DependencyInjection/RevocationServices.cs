using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SessionWeb.Sessions.Caching;
using SessionWeb.Sessions.Redis;
using SessionWeb.Sessions.Revocation;

namespace SessionWeb.Sessions.DependencyInjection;

internal static class RevokingServices
{
    public static void AddRevoking(this IServiceCollection services, string configuration)
    {
        var redis = RedisServices.Parse(configuration);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RevocationLog>(provider, redis));
        services.AddSingleton<GlobalEpoch>().AddSingleton<Lease>().AddSingleton<SessionCache>();
        services.AddSingleton<LogRecovery>().AddSingleton<RevocationCoordinator>();
        services.AddSingleton<CachedSessionReader>().AddSingleton<NodeStatistics>().AddSingleton<INodeRegistry, NodeRegistry>();
        services.AddSingleton<RevocationLogFollower>().AddHostedService(provider => provider.GetRequiredService<RevocationLogFollower>());
    }
}
