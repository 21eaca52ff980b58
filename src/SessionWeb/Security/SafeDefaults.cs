using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
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
        services.Configure<HostFilteringOptions>(options => options.IncludeFailureMessage = false);
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
        services.Configure<ForwardedHeadersOptions>(options => TrustOnly(options, builder.Configuration.GetSection("ForwardedHeaders:KnownProxies")));
    }

    /// <summary>
    /// What somebody posted is done, whether or not they wait for the answer: signing out above all. Kestrel gives up a form whose sender
    /// has gone, so it is read first of all.
    /// </summary>
    public static void UsePatience(this WebApplication app) => app.Use((context, next) =>
        HttpMethods.IsPost(context.Request.Method) && context.Request.HasFormContentType ? ReadFirstAsync(context, next) : next(context));

    private static async Task ReadFirstAsync(HttpContext context, RequestDelegate next)
    {
        context.RequestAborted = CancellationToken.None;
        if (!await ReadsAsync(context.Request.ReadFormAsync(CancellationToken.None)))
            // A proxy that is still sending would take an early answer for a broken connection.
            await ReadsAsync(context.Request.Body.CopyToAsync(Stream.Null, CancellationToken.None));
        await next(context);
    }

    private static async Task<bool> ReadsAsync(Task reading)
    {
        try
        {
            await reading;
            return true;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or OperationCanceledException)
        {
            // What is wrong with it says whoever needs it.
            return false;
        }
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

    private static void TrustOnly(ForwardedHeadersOptions options, IConfigurationSection setting)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in setting.GetChildren().Select(child => child.Value).Prepend(setting.Value).OfType<string>()
            .SelectMany(value => value.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (IPAddress.TryParse(proxy, out var address))
                options.KnownProxies.Add(address);
            else if (System.Net.IPNetwork.TryParse(proxy, out var network))
                options.KnownIPNetworks.Add(network);
            else
                throw new StartupException($"ForwardedHeaders:KnownProxies names '{proxy}'; it takes IP addresses and networks such as 10.0.0.0/8.");
        }
    }
}
