using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Caching;
using SessionWeb.Sessions.DataProtection;

namespace SessionWeb.Sessions.Http;

/// <summary>Finds the session of a request's cookie.</summary>
internal sealed class PresentedSessionReader(
    SessionCookieProtector protector, ISessionReader reader, KeyRing keys, SessionScheme scheme,
    IOptions<SessionsOptions> options)
{
    public ValueTask<PresentedSession> ReadAsync(HttpContext context, CookieAuthenticationOptions cookie)
    {
        // Without keys there are no antiforgery tokens either, so anonymous requests must wait, too.
        if (!keys.IsReady)
            return new(new PresentedSession(null, null, new("The data-protection key ring cannot be read yet.")));
        // The cache is searched with the header's own text: a copy of the cookie would be most of the request's
        // allocations.
        var value = cookie.CookieManager is HostPrefixedCookies cookies
            ? cookies.FindInHeader(context, cookie.Cookie.Name!)
            : default;
        if (value.IsEmpty)
            value = cookie.CookieManager.GetRequestCookie(context, cookie.Cookie.Name!);
        if (value.IsEmpty)
            return default;
        // A client that is sent to the signed-out page may know of an end that this node has not applied yet, so the
        // cache is not used.
        if (context.Request.Path == options.Value.SignedOutPath
            || reader.Find(value) is not { Read.Session: { } session } loaded || !IsOfScheme(loaded))
        {
            return new(ReadStoreAsync(context, value.ToString()));
        }

        return new(new PresentedSession(session.Key, loaded));
    }

    private async Task<PresentedSession> ReadStoreAsync(HttpContext context, string cookie)
    {
        try
        {
            if (await protector.UnprotectAsync(cookie, context.RequestAborted) is not { } token)
                return default;
            var loaded = await reader.ReadAsync(token.Key, cookie, context.RequestAborted);
            // A former id is anonymous. Its cookie stays, because a late response must not delete the newer one.
            return IsOfScheme(loaded) && loaded.Read.RenewedKey is null ? new(token.Key, loaded) : default;
        }
        catch (Exception failure) when (SessionStoreUnavailableException.IsCauseOf(failure))
        {
            return new(null, null, failure as SessionStoreUnavailableException ?? new(failure.Message, failure));
        }
    }

    private bool IsOfScheme(LoadedSession loaded) =>
        loaded.Ticket is not { } ticket || ticket.AuthenticationScheme == scheme.Name;
}
