using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using SessionWeb.Data;
using SessionWeb.Hosting;
using SessionWeb.Sessions;

namespace SessionWeb.DataProtection;

internal static class KeyRingServices
{
    /// <summary>
    /// Adds the data-protection keys that all nodes share: in Redis, or in files on an embedded node.
    /// </summary>
    public static void AddKeyRing(this WebApplicationBuilder builder)
    {
        var keys = builder.Services.AddDataProtection().SetApplicationName("SessionWeb");
        if (RedisConnectionString.Read(builder.Configuration) is { } redis)
        {
            keys.PersistKeysToRedis(redis);
        }
        else
        {
            builder.Services.AddOptions<KeyManagementOptions>().Configure<DataDirectory, ILoggerFactory>(
                (options, data, logger) =>
                    options.XmlRepository = new FileSystemXmlRepository(new(data.KeysPath), logger));
        }

        var certificates = KeyRingCertificates.Load(builder.Configuration);
        if (certificates.Current is { } current)
            keys.ProtectKeysWithCertificate(current);
        else
            builder.Services.AddHostedService<UnencryptedKeysWarning>();
        keys.UnprotectKeysWithAnyCertificate([.. certificates.All]);
        builder.Services.AddHealthChecks().AddCheck<KeyRingHealthCheck>("keys");
    }
}
