using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions.Http;

namespace SessionWeb.Sessions;

/// <summary>The session of a request, sign-in and sign-out.</summary>
public static class SessionExtensions
{
    private const string GenerationParameter = "SessionWeb.Generation";
    private const string ClaimsVersionParameter = "SessionWeb.ClaimsVersion";

    /// <summary>The live session of this request; null if it is anonymous.</summary>
    public static Session? GetSession(this HttpContext context) => context.Features.Get<SessionFeature>()?.Session;

    /// <summary>
    /// The key of the live session of this request, or of the one that it created by signing in; null if it is
    /// anonymous.
    /// </summary>
    public static SessionKey? GetSessionKey(this HttpContext context) => context.Features.Get<SessionFeature>()?.Key;

    /// <summary>How the session of this request's cookie ended; null if there was none, or it is live.</summary>
    public static SessionEnd? GetSessionEnd(this HttpContext context) => context.Features.Get<SessionFeature>()?.End;

    /// <summary>
    /// The key of the ended session of this request's cookie; null if there was none, or the store no longer knows it.
    /// </summary>
    public static SessionKey? GetEndedSessionKey(this HttpContext context) =>
        context.Features.Get<SessionFeature>()?.EndedKey;

    /// <summary>
    /// Signs in: creates a session, replaces the live session of this request, and sets the cookie. Unlike
    /// <c>SignInAsync</c>, it returns the result instead of throwing <see cref="SignInRefusedException"/>.
    /// </summary>
    /// <exception cref="SessionStoreUnavailableException">
    /// The store is unavailable. The cookie was not set. Whether the session was created is unknown.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The principal has no claim of the type <see cref="SessionsOptions.AccountIdClaimType"/>.
    /// </exception>
    public static async Task<SessionSignInResult> SignInSessionAsync(
        this HttpContext context, ClaimsPrincipal principal, AuthenticationProperties? properties = null)
    {
        try
        {
            await context.SignInAsync(SchemeOf(context), principal, properties);
        }
        catch (SignInRefusedException refused)
        {
            return new(refused.Outcome, refused.Generation);
        }
        return (await HandlerOfAsync(context)).SignInResult!;
    }

    /// <summary>Signs out: ends the live session of this request, and deletes the cookie.</summary>
    /// <returns>Whether every node acknowledged that the session ended; null if there was none.</returns>
    /// <exception cref="SessionStoreUnavailableException">
    /// The store is unavailable. The user is still signed in.
    /// </exception>
    public static async Task<RevocationResult?> SignOutSessionAsync(this HttpContext context)
    {
        await context.SignOutAsync(SchemeOf(context));
        return (await HandlerOfAsync(context)).SignOutResult;
    }

    /// <summary>The device of this request, as its <see cref="Session.Device"/> would name it.</summary>
    public static string GetDevice(this HttpContext context) =>
        DeviceName.FromUserAgent(context.Request.Headers.UserAgent.ToString());

    /// <summary>The client's address, as its <see cref="Session.IpAddress"/> would show it; empty if unknown.</summary>
    public static string GetIpAddress(this HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        // A dual-mode socket shows IPv4 addresses as IPv6.
        return (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString() ?? "";
    }

    /// <summary>
    /// Sets the generation that the account had before its credentials were checked. If the account has a later one by
    /// then, for example because it was disabled, the sign-in is refused. Default: it is not refused.
    /// </summary>
    public static void SetGeneration(this AuthenticationProperties properties, long generation) =>
        properties.SetParameter<long?>(GenerationParameter, generation);

    /// <summary>
    /// Sets the version that the account's claims had before the principal was created from them, so that a concurrent
    /// change is detected. Default: 0.
    /// </summary>
    public static void SetClaimsVersion(this AuthenticationProperties properties, long claimsVersion) =>
        properties.SetParameter<long?>(ClaimsVersionParameter, claimsVersion);

    internal static long GetClaimsVersion(this AuthenticationProperties properties) =>
        properties.GetParameter<long?>(ClaimsVersionParameter) ?? 0;

    internal static long? GetGeneration(this AuthenticationProperties properties) =>
        properties.GetParameter<long?>(GenerationParameter);

    private static string SchemeOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<SessionScheme>().Name;

    private static async Task<SessionCookieHandler> HandlerOfAsync(HttpContext context)
    {
        var handlers = context.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        return (SessionCookieHandler)(await handlers.GetHandlerAsync(context, SchemeOf(context)))!;
    }
}
