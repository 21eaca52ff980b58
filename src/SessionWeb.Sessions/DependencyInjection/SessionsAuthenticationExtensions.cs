using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Caching;
using SessionWeb.Sessions.DataProtection;
using SessionWeb.Sessions.DependencyInjection;
using SessionWeb.Sessions.Http;
using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions;

/// <summary>Adds server-side sessions to ASP.NET Core's cookie authentication.</summary>
public static class SessionsAuthenticationExtensions
{
    /// <summary>
    /// Keeps the tickets of a cookie scheme on the server. Call it after <c>AddCookie()</c> for that scheme, and add a
    /// store with <see cref="SessionsBuilder.UseRedis"/> or <see cref="SessionsBuilder.UseStore{TStore}"/>.
    /// <c>UseAuthentication()</c> then also responds to requests whose session has ended or cannot be read.
    /// </summary>
    /// <param name="authentication">The authentication services.</param>
    /// <param name="configure">Sets options; the defaults are those of <see cref="SessionsOptions"/>.</param>
    /// <param name="scheme">The cookie scheme. Only one scheme of an app can have server-side sessions.</param>
    /// <exception cref="InvalidOperationException">It was called before, for this scheme or another.</exception>
    public static SessionsBuilder AddServerSideSessions(
        this AuthenticationBuilder authentication,
        Action<SessionsOptions>? configure = null,
        string scheme = CookieAuthenticationDefaults.AuthenticationScheme)
    {
        var services = authentication.Services;
        if (services.FirstOrDefault(service => service.ServiceType == typeof(SessionScheme)) is { } earlier)
        {
            throw new InvalidOperationException(
                "AddServerSideSessions() supports one scheme, but was called for "
                + $"'{((SessionScheme)earlier.ImplementationInstance!).Name}' and '{scheme}'.");
        }

        services.AddSingleton(new SessionScheme(scheme));
        services.AddDataProtection();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<SessionsOptions>, SessionsOptionsValidation>();
        services.AddOptions<SessionsOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        AddServices(services);
        services.PostConfigure<AuthenticationOptions>(options => ReplaceHandler(options, scheme));
        services.AddOptions<CookieAuthenticationOptions>(scheme)
            .Configure<SessionTicketStore, IOptions<SessionsOptions>>(ConfigureCookie);
        return new(services);
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<SessionCookieProtector>().AddSingleton<SessionTicketStore>();
        services.AddSingleton<SessionEndCookie>().AddSingleton<ClaimsRefresh>();
        services.AddSingleton<PresentedSessionReader>().AddSingleton<SessionCookieServices>();
        services.AddTransient<SessionCookieHandler>();
        services.TryAddSingleton<ISessionReader, UncachedSessionReader>();

        services.AddSingleton<StoreUnavailableResponses>();
        services.AddSingleton<IStartupFilter>(Get<StoreUnavailableResponses>);
        services.AddSingleton<IExceptionHandler>(Get<StoreUnavailableResponses>);
        services.AddSingleton<IDeveloperPageExceptionFilter>(Get<StoreUnavailableResponses>);

        services.AddSingleton<SessionActivityWriter>().AddHostedService(Get<SessionActivityWriter>);
        services.AddSingleton<KeyRing>().AddSingleton<IRestorable>(Get<KeyRing>).AddHostedService<KeyRingService>();
        services.AddSingleton<EventStreams>().AddHostedService(Get<EventStreams>);
    }

    private static void ReplaceHandler(AuthenticationOptions options, string scheme)
    {
        if (!options.SchemeMap.TryGetValue(scheme, out var builder)
            || builder.HandlerType != typeof(CookieAuthenticationHandler))
        {
            throw new InvalidOperationException(
                $"The cookie scheme '{scheme}' does not exist. Call AddCookie() before AddServerSideSessions().");
        }

        builder.HandlerType = typeof(SessionCookieHandler);
    }

    private static void ConfigureCookie(
        CookieAuthenticationOptions cookie, SessionTicketStore tickets, IOptions<SessionsOptions> sessions)
    {
        cookie.SessionStore = tickets;
        cookie.TicketDataFormat = tickets;
        cookie.SlidingExpiration = false;
        cookie.ExpireTimeSpan = sessions.Value.RememberMe;
        cookie.Cookie.Name ??= "sid";
        cookie.Cookie.Path = "/";
        cookie.Cookie.HttpOnly = true;
        cookie.CookieManager = new HostPrefixedCookies(cookie.CookieManager ?? new ChunkingCookieManager());
    }

    private static T Get<T>(IServiceProvider provider) where T : notnull => provider.GetRequiredService<T>();
}
