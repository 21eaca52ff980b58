using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionWeb.Accounts;
using SessionWeb.Sessions;

namespace SessionWeb.Pages;

/// <summary>What anybody sees who cannot be given what was asked for. It needs neither sessions nor accounts.</summary>
[IgnoreAntiforgeryToken]
internal sealed class ErrorModel : PageModel
{
    public int Code { get; private set; }

    public string Title => Code switch
    {
        400 => "That did not work",
        403 => "Not yours to see",
        404 => "Not found",
        413 => "Too large",
        415 => "Unsupported form",
        429 => "Too many requests",
        503 => "Just a moment",
        >= 500 => "Something went wrong",
        _ => "That cannot be done",
    };

    public string Text => Code switch
    {
        400 => "The form was incomplete, too large, or its page was too old. Go back, reload the page, and try again.",
        403 => "Your account may not use this page.",
        404 => "There is nothing at this address.",
        413 => "What was sent is larger than any form of this site.",
        415 => "The form has a content type or a character set that this site does not accept.",
        429 => "Your account sent too many requests. Wait a minute, then try again.",
        503 when Failure is PasswordHashQueueFullException busy => busy.Message,
        503 => "Sessions cannot be checked at the moment. You have not been signed out; try again in a few seconds.",
        >= 500 => "The mistake is ours, and has been noted. Try again in a moment.",
        _ => "This page does not take that kind of request.",
    };

    private Exception? Failure => HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error;

    /// <summary>For every method: the page stands in for an answer to any of them.</summary>
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context) => context.Result = Show();

    private IActionResult Show()
    {
        // Not a bound parameter: nothing is bound where the request's form cannot be read.
        _ = int.TryParse(RouteData.Values["code"] as string, out var code);
        var reexecuted = HttpContext.Features.Get<IStatusCodeReExecuteFeature>();
        // After a failure the status is already set, and the address is always /error/500. A client that requests the address finds nothing.
        Code = Failure is not null ? Response.StatusCode : reexecuted is not null ? code : StatusCodes.Status404NotFound;
        if (Code is < 400 or > 599)
            Code = StatusCodes.Status404NotFound;
        Response.StatusCode = Code;
        if (Code == StatusCodes.Status503ServiceUnavailable)
            Response.Headers.RetryAfter = ((int)SessionStoreUnavailableException.RetryAfter.TotalSeconds).ToString();

        var path = reexecuted?.OriginalPath ?? HttpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path;
        return new PathString(path).StartsWithSegments("/api") ? new JsonResult(new { error = Error }) { StatusCode = Code } : Page();
    }

    /// <summary>What programs under <c>/api</c> get.</summary>
    private string Error => Code switch
    {
        404 => "not_found",
        429 => "throttled",
        503 => "session_store_unavailable",
        _ => "failed",
    };
}
