using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using SessionWeb.Audit;
using SessionWeb.Sessions;

namespace SessionWeb.Authentication;

/// <summary>The options of the session cookie, and the responses to requests that it does not authorize.</summary>
internal static class SessionCookieOptions
{
    public static void Configure(CookieAuthenticationOptions options, bool isDevelopment)
    {
        options.LoginPath = "/account/login";
        options.ReturnUrlParameter = "returnUrl";
        options.Cookie.Name = "sid";
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = isDevelopment ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
        options.Events.OnRedirectToLogin = ChallengeAsync;
        options.Events.OnRedirectToAccessDenied = ForbidAsync;
    }

    private static Task ChallengeAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (IsApi(context.Request))
            return WriteErrorAsync(context.Response, StatusCodes.Status401Unauthorized, "not_signed_in");
        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    private static async Task ForbidAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        var denied = context.HttpContext.RequestServices.GetRequiredService<DeniedRequestRecorder>();
        var isRecorded = await denied.RecordAsync(context.HttpContext);
        var status = isRecorded ? StatusCodes.Status403Forbidden : StatusCodes.Status429TooManyRequests;
        if (IsApi(context.Request))
            await WriteErrorAsync(context.Response, status, isRecorded ? "forbidden" : "throttled");
        else
            context.Response.StatusCode = status;
    }

    private static bool IsApi(HttpRequest request) =>
        request.Path.StartsWithSegments(
            request.HttpContext.RequestServices.GetRequiredService<IOptions<SessionsOptions>>().Value.ApiPath);

    private static Task WriteErrorAsync(HttpResponse response, int status, string error)
    {
        response.StatusCode = status;
        return response.WriteAsJsonAsync(new { error });
    }
}
