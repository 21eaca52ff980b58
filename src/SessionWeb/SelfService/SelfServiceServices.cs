namespace SessionWeb.SelfService;

internal static class SelfServiceServices
{
    /// <summary>Adds what users do to their own account.</summary>
    public static void AddSelfService(this WebApplicationBuilder builder) => builder.Services
        .AddScoped<OwnAccount>().AddScoped<OwnPassword>().AddScoped<OwnEmail>().AddScoped<OwnTwoFactor>()
        .AddScoped<OwnSessions>();
}
