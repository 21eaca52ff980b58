using SessionWeb.Sessions;

namespace SessionWeb.Audit;

internal static class AuditServices
{
    public static void AddAudit(this WebApplicationBuilder builder) => builder.Services
        .AddHttpContextAccessor()
        .AddScoped<AuditLog>()
        .AddScoped<AuditReader>()
        .AddScoped<ExpiredSessionRecorder>()
        .AddSingleton<DeniedRequestRecorder>()
        .AddHostedService(services => services.GetRequiredService<DeniedRequestRecorder>());

    /// <summary>
    /// Records expired sessions. Add it before authentication, which responds to requests whose session has ended.
    /// </summary>
    public static void UseExpiredSessionAudit(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (context.GetEndedSessionKey() is { } session
            && context.GetSessionEnd() is { Reason: SessionEndReasons.Idle or SessionEndReasons.Expired } end)
        {
            await context.RequestServices.GetRequiredService<ExpiredSessionRecorder>().RecordAsync(session, end);
        }
    });
}
