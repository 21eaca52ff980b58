using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionWeb.Data;
using SessionWeb.Sessions;
using SessionWeb.Sessions.DataProtection;

namespace SessionWeb.Health;

/// <summary>For load balancers: <c>/health/live</c> (the process answers) and <c>/health/ready</c> (it can serve people), 200 or 503, JSON.</summary>
internal static class HealthSetup
{
    public static void AddHealth(this WebApplicationBuilder builder) => builder.Services.AddHealthChecks()
        .AddCheck<SessionsCheck>("sessions").AddCheck<KeyRingCheck>("keys").AddCheck<AccountsCheck>("accounts");

    /// <summary>Before sessions and redirects: a load balancer has neither a cookie nor, often, https.</summary>
    public static void UseHealth(this WebApplication app)
    {
        app.UseHealthChecks("/health/live", Options(_ => false));
        app.UseHealthChecks("/health/ready", Options(_ => true));
    }

    private static HealthCheckOptions Options(Func<HealthCheckRegistration, bool> predicate) => new()
    {
        Predicate = predicate,
        ResponseWriter = static (context, report) => context.Response.WriteAsJsonAsync(new
        {
            status = Word(report.Status),
            checks = report.Entries.ToDictionary(entry => entry.Key, entry => Word(entry.Value.Status)),
            problems = report.Entries.Where(entry => entry.Value.Description is not null).ToDictionary(entry => entry.Key, entry => entry.Value.Description),
        }),
    };

    private static string Word(HealthStatus status) => status == HealthStatus.Healthy ? "ok" : "unavailable";

    private sealed class SessionsCheck(ISessionStore store, IServiceProvider services) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            if (services.GetService<INodeRegistry>()?.Problem is { } problem)
                return HealthCheckResult.Unhealthy(problem);
            try
            {
                // A key that no store answers without looking.
                var key = new SessionKey(AccountTag.For("health check"), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
                await store.ReadAsync(key, cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (SessionStoreUnavailableException)
            {
                return HealthCheckResult.Unhealthy();
            }
        }
    }

    private sealed class KeyRingCheck(KeyRing keys) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(keys.IsReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
    }

    private sealed class AccountsCheck(IDbContextFactory<AppDbContext> databases) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using var database = await databases.CreateDbContextAsync(cancellationToken);
            return await database.Database.CanConnectAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
        }
    }
}
