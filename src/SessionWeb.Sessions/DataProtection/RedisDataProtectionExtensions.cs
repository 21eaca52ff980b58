using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SessionWeb.Sessions.DataProtection;
using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions;

/// <summary>Stores data-protection keys in Redis.</summary>
public static class RedisDataProtectionExtensions
{
    /// <summary>
    /// Keeps the data-protection keys in Redis, in the format of
    /// Microsoft.AspNetCore.DataProtection.StackExchangeRedis. Nodes that start together on an empty ring create one
    /// key. Running nodes restore keys that Redis loses: to remove a key, revoke it. The last call of this and of other
    /// methods that persist keys wins. With a custom repository, keys are not encrypted at rest: add
    /// <c>ProtectKeysWithCertificate</c>.
    /// </summary>
    /// <param name="builder">The data-protection services.</param>
    /// <param name="configuration">
    /// StackExchange.Redis's connection string. Sessions with the same string share the connection.
    /// </param>
    /// <param name="key">The list's key. Default <c>DataProtection-Keys</c>.</param>
    /// <exception cref="ArgumentException">The connection string has an unknown option or an invalid value.</exception>
    public static IDataProtectionBuilder PersistKeysToRedis(
        this IDataProtectionBuilder builder, string configuration, string key = "DataProtection-Keys")
    {
        builder.Services.AddRedisConnection(configuration);
        builder.Services.AddOptions<KeyManagementOptions>().Configure<IServiceProvider>((options, services) =>
            options.XmlRepository = new RedisKeyRing(
                services.GetRequiredKeyedService<RedisConnection>(configuration),
                key,
                services.GetRequiredService<TimeProvider>()));
        builder.Services.TryAddSingleton<XmlKeyManager>();
        // A custom key manager is kept.
        var manager = builder.Services.LastOrDefault(service => service.ServiceType == typeof(IKeyManager));
        if (manager?.ImplementationType == typeof(XmlKeyManager))
            builder.Services.Replace(ServiceDescriptor.Singleton<IKeyManager, ReloadableKeys>());
        return builder;
    }
}
