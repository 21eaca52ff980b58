using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace SessionWeb.Sessions.Http;

/// <summary>The responses to requests whose session has ended or cannot be read.</summary>
internal static class SessionResponses
{
    public static Task EndedAsync(
        HttpContext context, SessionsOptions options, SessionEnd end, CookieAuthenticationOptions cookie)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Path.StartsWithSegments(options.ApiPath))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return context.Response.WriteAsJsonAsync(
                new { error = "session_ended", reason = end.Reason, message = end.Message });
        }

        // 303: whatever the method, the client continues with GET (RFC 9110 §15.4.4).
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = end.SignInAgain && HttpMethods.IsGet(context.Request.Method)
            ? context.Request.PathBase + cookie.LoginPath + QueryString.Create(
                cookie.ReturnUrlParameter,
                context.Request.PathBase + context.Request.Path + context.Request.QueryString)
            : SignedOutUrl(context, options, end);
        return Task.CompletedTask;
    }

    public static string SignedOutUrl(HttpContext context, SessionsOptions options, SessionEnd end) =>
        context.Request.PathBase + options.SignedOutPath + QueryString.Create("reason", end.Reason);

    public static Task UnavailableAsync(HttpContext context, SessionsOptions options)
    {
        MarkUnavailable(context.Response);
        if (context.Request.Path.StartsWithSegments(options.ApiPath))
            return context.Response.WriteAsJsonAsync(new { error = "session_store_unavailable" });

        // An app with status code pages shows one for this status. Any other gets a sentence.
        return context.Features.Get<IStatusCodePagesFeature>() is { Enabled: true }
            ? Task.CompletedTask
            : context.Response.WriteAsync(
                "Your session cannot be checked at the moment. You are still signed in. Try again in a few seconds.");
    }

    /// <summary>Responds to a request that failed because the store is unavailable, such as a sign-in.</summary>
    public static Task FailedAsync(HttpContext context, SessionsOptions options)
    {
        MarkUnavailable(context.Response);
        return context.Request.Path.StartsWithSegments(options.ApiPath)
            ? context.Response.WriteAsJsonAsync(new { error = "session_store_unavailable" })
            : context.Response.WriteAsync("The session store is unavailable. Try again in a few seconds.");
    }

    public static void MarkUnavailable(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.CacheControl = "no-store";
        response.Headers.RetryAfter = ((int)SessionStoreUnavailableException.RetryAfter.TotalSeconds).ToString();
    }
}
