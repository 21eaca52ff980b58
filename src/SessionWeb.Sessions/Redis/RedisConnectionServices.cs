using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace SessionWeb.Sessions.Redis;

/// <summary>Registers connections to Redis.</summary>
internal static class RedisConnectionServices
{
    /// <summary>Adds the connection of a connection string. Services that use the same string share it.</summary>
    public static void AddRedisConnection(this IServiceCollection services, string configuration)
    {
        var parsed = Parse(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.TryAddKeyedSingleton(
            configuration, (provider, _) => ActivatorUtilities.CreateInstance<RedisConnection>(provider, parsed));
    }

    public static ConfigurationOptions Parse(string configuration)
    {
        var options = ConfigurationOptions.Parse(configuration);
        // The app starts without Redis and connects later.
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 2000;
        options.ReconnectRetryPolicy = new LinearRetry(250);
        // A command that was reported as failed must not be executed when Redis is back.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        // Subscriptions use another connection. Losing it must not cost the lease.
        options.Protocol = RedisProtocol.Resp2;
        return options;
    }
}
