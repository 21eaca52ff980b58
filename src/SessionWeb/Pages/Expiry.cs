using SessionWeb.Sessions;

namespace SessionWeb.Pages;

/// <summary>Leads pages without a script to the warning in time: the content of <c>&lt;meta http-equiv="refresh"&gt;</c>.</summary>
internal static class Expiry
{
    /// <summary>Null where there is nothing to be done any more, or not for a day.</summary>
    public static string? Refresh(HttpRequest request, Session session, SessionsOptions options, DateTimeOffset now)
    {
        // This request counts as use, noted to a twentieth of the idle timeout.
        var used = now + (session.Persistent ? options.RememberMe : options.IdleTimeout - options.IdleTimeout / 20);
        var end = used < session.ExpiresAt ? used : session.ExpiresAt;
        var seconds = (long)(end - options.Warning - now).TotalSeconds;
        if (seconds is <= 0 or > 24 * 60 * 60)
            return null;

        // Where a form was posted to, its page is gone on with.
        var here = request.PathBase + request.Path + (HttpMethods.IsGet(request.Method) ? request.QueryString : QueryString.Empty);
        return $"{seconds}; url={request.PathBase}/account/expiring{QueryString.Create("returnUrl", here)}";
    }
}
