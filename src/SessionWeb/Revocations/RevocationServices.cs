using SessionWeb.Hosting;

namespace SessionWeb.Revocations;

internal static class RevocationServices
{
    /// <summary>Adds changes of accounts together with the revocations that they cause.</summary>
    /// <exception cref="StartupException">A setting under <c>Sessions:Effects</c> is invalid.</exception>
    public static void AddRevocations(this WebApplicationBuilder builder)
    {
        var effects = builder.Configuration.GetSection("Sessions:Effects").Get<SessionEffects>() ?? new();
        if (effects.Problem is { } problem)
            throw new StartupException(problem);
        builder.Services.AddSingleton(effects)
            .AddScoped<RevocationRecorder>().AddScoped<RevocationApplier>().AddScoped<SessionRevoker>()
            .AddScoped<AccountChanges>();
    }
}
