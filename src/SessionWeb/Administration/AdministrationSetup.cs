using Microsoft.AspNetCore.Authorization;
using SessionWeb.CommandLine;

namespace SessionWeb.Administration;

internal static class AdministrationSetup
{
    /// <summary>What administrators do, on pages and on the command line.</summary>
    public static void AddAdministration(this WebApplicationBuilder builder)
    {
        var effects = builder.Configuration.GetSection("Sessions:Effects").Get<SessionEffects>() ?? new();
        if (effects.Problem is { } problem)
            throw new StartupException(problem);
        builder.Services.AddSingleton(effects)
            .AddScoped<AccountChanges>().AddScoped<OwnAccountChanges>()
            .AddScoped<AccountActions>().AddScoped<PasswordActions>().AddScoped<ProfileActions>().AddScoped<TwoFactorActions>()
            .AddScoped<RevocationRecorder>().AddScoped<Revocations>().AddScoped<SessionSearch>()
            .AddScoped<IAuthorizationHandler, CurrentAdministratorHandler>()
            .AddScoped<AccountCommands>().AddScoped<SessionCommands>();
    }
}
