using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionWeb.Sessions.DataProtection;

namespace SessionWeb.DataProtection;

/// <summary>Checks that the data-protection keys are loaded.</summary>
internal sealed class KeyRingHealthCheck(KeyRing keys) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(keys.IsReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
}
