using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Authentication;

internal static class AuthenticationServices
{
    /// <summary>Adds cookie authentication with server-side sessions, and the policy for administrators.</summary>
    public static void AddSessionAuthentication(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options => SessionCookieOptions.Configure(options, builder.Environment.IsDevelopment()))
            .AddServerSideSessions(builder.Configuration.GetSection("Sessions").Bind)
            .RefreshClaimsWith<CurrentClaims>()
            .UseConfiguredStore(builder.Configuration);

        builder.Services.AddScoped<IAuthorizationHandler, CurrentAdministratorHandler>();
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(
                Roles.Admin, policy => policy.RequireRole(Roles.Admin).AddRequirements(new CurrentAdministrator()));
    }
}
