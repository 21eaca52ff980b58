using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionWeb.Accounts;
using SessionWeb.Sessions;

namespace SessionWeb.Pages;

/// <summary>The page for every error response. It works without sessions and without the accounts database.</summary>
[IgnoreAntiforgeryToken]
internal sealed class ErrorModel : PageModel
{
    public int Code { get; private set; }

    public string Title => Code switch
    {
        400 => "Invalid request",
        403 => "Access denied",
        404 => "Page not found",
        413 => "Request too large",
        415 => "Unsupported format",
        429 => "Too many requests",
        503 => "Temporarily unavailable",
        >= 500 => "Something went wrong",
        _ => "Unsupported request",
    };

    public string Text => Code switch
    {
        400 => "The form was incomplete, too large, or open for too long. Go back, reload the page, and try again.",
        403 => "Your account has no access to this page. Ask an administrator if you need it.",
        404 => "There is no page at this address. Check the address, or go to the home page.",
        413 => "The form contains more data than this site accepts. Shorten it, then try again.",
        415 => "This site does not accept the content type or charset of the form. Submit the form from its page.",
        429 => "Your account sent too many requests. Wait a minute, then try again.",
        503 when Failure is PasswordHashQueueFullException =>
            "Too many sign-ins are in progress. Try again in a few seconds.",
        503 => "Sessions cannot be checked at the moment. You have not been signed out. Try again in a few seconds.",
        >= 500 => "An error occurred on the server and was logged. Try again in a moment.",
        _ => "This page does not support this type of request.",
    };

    private Exception? Failure => HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error;

    /// <summary>Responds to every HTTP method, because a request of any method can fail.</summary>
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context) => context.Result = Respond();

    private IActionResult Respond()
    {
        // Not a bound parameter: model binding fails if the form of the request cannot be read.
        _ = int.TryParse(RouteData.Values["code"] as string, out var code);
        var reexecuted = HttpContext.Features.Get<IStatusCodeReExecuteFeature>();
        // After an exception the status is already set, and the path is always /error/500. A client that requests the
        // path directly gets 404.
        Code = Failure is not null ? Response.StatusCode
            : reexecuted is not null ? code
            : StatusCodes.Status404NotFound;
        if (Code is < 400 or > 599)
            Code = StatusCodes.Status404NotFound;
        Response.StatusCode = Code;
        if (Code == StatusCodes.Status503ServiceUnavailable)
            Response.Headers.RetryAfter = ((int)SessionStoreUnavailableException.RetryAfter.TotalSeconds).ToString();

        var path = reexecuted?.OriginalPath ?? HttpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path;
        return new PathString(path).StartsWithSegments("/api")
            ? new JsonResult(new { error = ApiError }) { StatusCode = Code }
            : Page();
    }

    /// <summary>The error code in the JSON response under <c>/api</c>.</summary>
    private string ApiError => Code switch
    {
        404 => "not_found",
        429 => "throttled",
        503 => "session_store_unavailable",
        _ => "failed",
    };
}
