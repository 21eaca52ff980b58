using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SessionWeb.Sessions.DataProtection;
using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions;

/// <summary>Keeps data-protection keys in Redis.</summary>
public static class RedisDataProtectionExtensions
{
    /// <summary>
    /// Shares the data-protection keys among all nodes through Redis, in the format of
    /// Microsoft.AspNetCore.DataProtection.StackExchangeRedis. Nodes that start together on an empty ring end with one
    /// key. Keys that Redis loses are pushed back by the running nodes: to remove a key, revoke it. The last call of
    /// this and other methods that persist keys wins. Persisting keys explicitly switches encryption at rest off: add
    /// <c>ProtectKeysWithCertificate</c>.
    /// </summary>
    /// <param name="builder">The data-protection services.</param>
    /// <param name="configuration">
    /// StackExchange.Redis's connection string. Sessions that are kept under the same one share the connection.
    /// </param>
    /// <param name="key">The list's key. Default <c>DataProtection-Keys</c>.</param>
    public static IDataProtectionBuilder PersistKeysToRedis(
        this IDataProtectionBuilder builder, string configuration, string key = "DataProtection-Keys")
    {
        builder.Services.AddRedisConnection(configuration);
        builder.Services.AddOptions<KeyManagementOptions>().Configure<IServiceProvider>((options, services) =>
            options.XmlRepository = new ClaimedKeyRing(
                services.GetRequiredKeyedService<RedisConnection>(configuration), key,
                services.GetRequiredService<TimeProvider>()));
        builder.Services.TryAddSingleton<XmlKeyManager>();
        // A key manager of the app's own stays.
        var manager = builder.Services.LastOrDefault(service => service.ServiceType == typeof(IKeyManager));
        if (manager?.ImplementationType == typeof(XmlKeyManager))
            builder.Services.Replace(ServiceDescriptor.Singleton<IKeyManager, ReloadableKeyManager>());
        return builder;
    }
}
