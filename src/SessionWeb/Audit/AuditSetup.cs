using SessionWeb.Sessions;

namespace SessionWeb.Audit;

internal static class AuditSetup
{
    public static void AddAudit(this WebApplicationBuilder builder) =>
        builder.Services.AddHttpContextAccessor().AddScoped<AuditLog>().AddScoped<AuditReader>().AddScoped<ExpiredSessions>()
            .AddSingleton<DeniedRequestRecorder>().AddHostedService(services => services.GetRequiredService<DeniedRequestRecorder>());

    /// <summary>Comes before authentication, which answers whose session has ended.</summary>
    public static void UseExpiryOnRecord(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (context.GetEndedSessionKey() is { } session && context.GetSessionEnd() is { Reason: SessionEndReasons.Idle or SessionEndReasons.Expired } ending)
            await context.RequestServices.GetRequiredService<ExpiredSessions>().NoteAsync(session, ending);
    });
}
