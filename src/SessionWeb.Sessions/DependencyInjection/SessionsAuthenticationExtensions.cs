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
    /// Keeps the tickets of a cookie scheme on the server. Call it after <c>AddCookie()</c> for that scheme, and choose
    /// a store with <see cref="SessionsBuilder.UseRedis"/> or <see cref="SessionsBuilder.UseStore{TStore}"/>.
    /// <c>UseAuthentication()</c> then answers requests whose session has ended or cannot be looked up, too.
    /// </summary>
    /// <param name="authentication">The authentication services.</param>
    /// <param name="configure">Sets options; the defaults are those of <see cref="SessionsOptions"/>.</param>
    /// <param name="scheme">The cookie scheme. One scheme of an app can have server-side sessions.</param>
    /// <exception cref="InvalidOperationException">It was called before, for this scheme or another.</exception>
    public static SessionsBuilder AddServerSideSessions(
        this AuthenticationBuilder authentication,
        Action<SessionsOptions>? configure = null,
        string scheme = CookieAuthenticationDefaults.AuthenticationScheme)
    {
        var services = authentication.Services;
        if (services.FirstOrDefault(service => service.ServiceType == typeof(SessionScheme)) is { } earlier)
            throw new InvalidOperationException(
                $"AddServerSideSessions() was called for the scheme '{((SessionScheme)earlier.ImplementationInstance!).Name}' "
                + $"and cannot be called again for '{scheme}': one scheme with server-side sessions is supported for now.");
        services.AddSingleton(new SessionScheme(scheme));
        services.AddDataProtection();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<SessionsOptions>, SessionsOptionsValidation>();
        services.AddOptions<SessionsOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();

        services.AddSingleton<SessionCookieProtector>();
        services.AddSingleton<SessionTicketStore>();
        services.TryAddSingleton<ISessionReader, UncachedSessionReader>();
        services.AddSingleton<SessionEndCookie>();
        services.AddSingleton<StoreUnavailableResponses>();
        services.AddSingleton<IStartupFilter>(provider => provider.GetRequiredService<StoreUnavailableResponses>());
        services.AddSingleton<IExceptionHandler>(provider => provider.GetRequiredService<StoreUnavailableResponses>());
        services.AddSingleton<IDeveloperPageExceptionFilter>(
            provider => provider.GetRequiredService<StoreUnavailableResponses>());
        services.AddSingleton<ClaimsRefresh>();
        services.AddSingleton<PresentedSessionReader>().AddSingleton<SessionCookieServices>();
        services.AddSingleton<SessionActivityWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionActivityWriter>());
        services.AddSingleton<KeyRing>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyRing>());
        services.AddSingleton<IRecoveryParticipant>(provider => provider.GetRequiredService<KeyRing>());
        services.AddSingleton<EventStreams>();
        services.AddHostedService(provider => provider.GetRequiredService<EventStreams>());
        services.AddTransient<SessionCookieHandler>();

        services.PostConfigure<AuthenticationOptions>(options =>
        {
            if (!options.SchemeMap.TryGetValue(scheme, out var builder)
                || builder.HandlerType != typeof(CookieAuthenticationHandler))
                throw new InvalidOperationException(
                    $"There is no cookie scheme '{scheme}': call AddCookie() before AddServerSideSessions().");
            builder.HandlerType = typeof(SessionCookieHandler);
        });
        services.AddOptions<CookieAuthenticationOptions>(scheme).Configure<SessionTicketStore,
        IOptions<SessionsOptions>>(
            (cookie, tickets, sessions) =>
            {
                cookie.SessionStore = tickets;
                cookie.TicketDataFormat = tickets;
                cookie.SlidingExpiration = false;
                cookie.ExpireTimeSpan = sessions.Value.RememberMe;
                cookie.Cookie.Name ??= "sid";
                cookie.Cookie.Path = "/";
                cookie.Cookie.HttpOnly = true;
                cookie.CookieManager = new HostPrefixedCookies(cookie.CookieManager ?? new ChunkingCookieManager());
            });
        return new(services);
    }
}
