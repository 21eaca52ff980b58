using SessionWeb.Sessions;

namespace SessionWeb.Audit;

internal static class AuditSetup
{
    public static void AddAudit(this WebApplicationBuilder builder) =>
        builder.Services.AddHttpContextAccessor().AddScoped<AuditLog>().AddScoped<AuditReader>().AddScoped<ExpiredSessions>()
            .AddSingleton<DeniedRequests>().AddHostedService(services => services.GetRequiredService<DeniedRequests>());

    /// <summary>Comes before authentication, which answers whose session has ended.</summary>
    public static void UseExpiryOnRecord(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (context.GetEndedSessionKey() is { } session && context.GetSessionEnding() is { Reason: EndReasons.Idle or EndReasons.Expired } ending)
            await context.RequestServices.GetRequiredService<ExpiredSessions>().NoteAsync(session, ending);
    });
}
