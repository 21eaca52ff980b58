using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SessionWeb.Security;

/// <summary>What every request and response of the app gets, whatever page it is for.</summary>
internal static class SafeDefaults
{
    // As much as the proxy lets through (farm/nginx.conf). Refused before it is read, a form would seem to the proxy a broken connection,
    // and its sender would be told so; what a form's fields may hold is less.
    private const int MaxBodySize = 256 * 1024;

    public static void AddSafeDefaults(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var production = !builder.Environment.IsDevelopment();

        services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaxBodySize;
        });
        services.Configure<FormOptions>(options =>
        {
            options.ValueLengthLimit = 16 * 1024;
            options.KeyLengthLimit = 256;
        });
        services.Configure<HostFilteringOptions>(options =>
        {
            options.AllowEmptyHosts = false;
            options.IncludeFailureMessage = false;
        });
        services.Configure<AntiforgeryOptions>(options => Harden(options.Cookie, "csrf", production));
        services.Configure<CookieTempDataProviderOptions>(options => Harden(options.Cookie, "notice", production));
        services.Configure<HstsOptions>(options =>
        {
            options.MaxAge = TimeSpan.FromDays(365);
            options.ExcludedHosts.Clear();
        });
        services.Configure<HttpsRedirectionOptions>(options =>
        {
            options.HttpsPort = builder.Configuration.GetValue("HTTPS_PORT", 443);
        });
    }

    /// <summary>In production nothing is said over plain http but where to go, and browsers are told to stay with https.</summary>
    public static void UseHttpsOnly(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
            return;
        app.UseHsts();
        app.UseHttpsRedirection();
    }

    /// <summary>Makes it one of the app's own cookies: for this host alone, no script and no other site, in production over https only.</summary>
    public static CookieBuilder Harden(CookieBuilder cookie, string name, bool production)
    {
        cookie.Name = production ? $"__Host-{name}" : name;
        cookie.Path = "/";
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Strict;
        cookie.SecurePolicy = production ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        return cookie;
    }
}
