using SessionWeb.Sessions;

namespace SessionWeb.Pages;

/// <summary>
/// The content of <c>&lt;meta http-equiv="refresh"&gt;</c>. It opens the expiry warning in browsers without JavaScript.
/// </summary>
internal static class ExpiryRefresh
{
    /// <summary>Null if the warning is due now, or not within a day.</summary>
    public static string? Content(HttpRequest request, Session session, SessionsOptions options, DateTimeOffset now)
    {
        // This request counts as activity. The store records activity to a twentieth of the idle timeout.
        var idleTimeout = session.Persistent ? options.RememberMe : options.IdleTimeout - options.IdleTimeout / 20;
        var idleExpiry = now + idleTimeout;
        var expiry = idleExpiry < session.ExpiresAt ? idleExpiry : session.ExpiresAt;
        var seconds = (long)(expiry - options.Warning - now).TotalSeconds;
        if (seconds is <= 0 or > 24 * 60 * 60)
            return null;

        // After a POST, the return URL is the page of the form.
        var query = HttpMethods.IsGet(request.Method) ? request.QueryString : QueryString.Empty;
        var returnUrl = request.PathBase + request.Path + query;
        return $"{seconds}; url={request.PathBase}/account/expiring{QueryString.Create("returnUrl", returnUrl)}";
    }
}
