namespace SessionWeb.Administration;

internal static class AdministrationServices
{
    /// <summary>Adds what administrators do, on pages and on the command line.</summary>
    public static void AddAdministration(this WebApplicationBuilder builder) => builder.Services
        .AddScoped<Administrators>().AddScoped<AccountActions>().AddScoped<CredentialActions>()
        .AddScoped<ProfileActions>().AddScoped<SessionSearch>();
}
