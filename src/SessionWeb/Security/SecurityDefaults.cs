using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SessionWeb.Security;

/// <summary>Limits and cookie attributes that apply to every request.</summary>
internal static class SecurityDefaults
{
    // As in farm/nginx.conf: if the server rejected a body that the proxy accepts, the proxy would report a broken
    // connection. The limit of a form field is lower.
    private const int MaxBodySize = 256 * 1024;

    public static void AddSecurityDefaults(this WebApplicationBuilder builder)
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
        services.Configure<HttpsRedirectionOptions>(
            options => options.HttpsPort = builder.Configuration.GetValue("HTTPS_PORT", 443));
    }

    /// <summary>In production, redirects http to https and sends HSTS.</summary>
    public static void UseHttpsOnly(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
            return;
        app.UseHsts();
        app.UseHttpsRedirection();
    }

    /// <summary>
    /// Restricts a cookie to this host. Scripts and other sites cannot use it, and in production it requires https.
    /// </summary>
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
