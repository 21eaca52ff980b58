using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SessionWeb.Hosting;

/// <summary>
/// The endpoints for load balancers: <c>/health/live</c> (the process responds) and <c>/health/ready</c> (it can serve
/// users). Both return 200 or 503 with JSON.
/// </summary>
internal static class HealthEndpoints
{
    /// <summary>Add it before sessions and redirects: a load balancer sends no cookie and often no https.</summary>
    public static void UseHealthEndpoints(this WebApplication app)
    {
        app.UseHealthChecks("/health/live", Options(_ => false));
        app.UseHealthChecks("/health/ready", Options(_ => true));
    }

    private static HealthCheckOptions Options(Func<HealthCheckRegistration, bool> predicate) => new()
    {
        Predicate = predicate,
        ResponseWriter = static (context, report) => context.Response.WriteAsJsonAsync(new
        {
            status = StatusOf(report.Status),
            checks = report.Entries.ToDictionary(entry => entry.Key, entry => StatusOf(entry.Value.Status)),
            problems = report.Entries.Where(entry => entry.Value.Description is not null)
                .ToDictionary(entry => entry.Key, entry => entry.Value.Description),
        }),
    };

    private static string StatusOf(HealthStatus status) => status == HealthStatus.Healthy ? "ok" : "unavailable";
}
