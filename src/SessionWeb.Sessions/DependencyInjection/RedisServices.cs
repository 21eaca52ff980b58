using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions.Caching;
using SessionWeb.Sessions.Redis;
using SessionWeb.Sessions.Revocation;

namespace SessionWeb.Sessions.DependencyInjection;

/// <summary>Registers the services of sessions in Redis.</summary>
internal static class RedisServices
{
    /// <summary>Adds the session store with its cache, and revocation.</summary>
    public static void AddRedisSessions(this IServiceCollection services, string configuration)
    {
        var parsed = RedisConnectionServices.Parse(configuration);
        services.AddRedisConnection(configuration);
        services.AddSingleton(provider => provider.GetRequiredKeyedService<RedisConnection>(configuration));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<LogConnections>(provider, parsed));
        services.AddSingleton<RecentSessionIndex>().AddSingleton<RedisArguments>().AddSingleton<RedisSessionLists>();
        services.AddSingleton<RedisSessions>()
            .AddSingleton<ISessionRecords>(provider => provider.GetRequiredService<RedisSessions>());
        services.AddSingleton<LogChannel>().AddSingleton<RedisServerCheck>();
        services.AddSingleton<IRevocationLog, RedisRevocationLog>().AddSingleton<INodeRegister, RedisNodeRegister>();

        services.AddSingleton<GlobalEpoch>().AddSingleton<Lease>();
        services.AddSingleton<JournalWriter>().AddSingleton<LogRecovery>();
        services.AddSingleton<RevocationLogFollower>().AddHostedService<RevocationLogService>();
        services.AddSingleton<AcknowledgementWaiter>().AddSingleton<RevocationCoordinator>();

        services.AddSingleton<NodeStatistics>().AddSingleton<SessionCache>();
        services.AddSingleton<IRevocationTarget>(provider => provider.GetRequiredService<SessionCache>());
        services.AddSingleton<CachedSessionStore>();
        services.AddSingleton<ISessionStore>(provider => provider.GetRequiredService<CachedSessionStore>());
        services.AddSingleton<ISessionReader>(provider => provider.GetRequiredService<CachedSessionStore>());
    }
}
