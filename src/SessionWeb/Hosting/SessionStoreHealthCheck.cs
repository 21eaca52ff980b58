using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionWeb.Sessions;

namespace SessionWeb.Hosting;

/// <summary>Checks that the session store can be read and, with Redis, that it is configured as required.</summary>
internal sealed class SessionStoreHealthCheck(ISessionStore store, IServiceProvider services) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (services.GetService<INodeRegister>()?.Problem is { } problem)
            return HealthCheckResult.Unhealthy(problem);
        try
        {
            // A random key, which no cache can answer.
            var key = new SessionKey(
                AccountTag.For("health check"), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
            await store.ReadAsync(key, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (SessionStoreUnavailableException)
        {
            return HealthCheckResult.Unhealthy();
        }
    }
}
