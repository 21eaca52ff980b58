using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

internal sealed partial class LogoutModel(SessionRevoker revoker, ILogger<LogoutModel> logger) : PageModel
{
    public async Task<IActionResult> OnPostAsync()
    {
        var revocation = HttpContext.GetSession() is { } session
            ? await revoker.SignOutAsync(session, User.Identity!.Name!)
            : RevocationResult.None;
        // Deletes the cookie. It also ends the session if the request presented one that the line above did not find.
        var result = await HttpContext.SignOutSessionAsync();
        var pending = revocation.Pending || result is { Pending: true };
        SignedOut(logger, User.Identity?.Name, HttpContext.GetSessionKey()?.Handle, pending);
        // Not "cookies", because that also deletes the cookies of other apps under the same domain.
        Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        return Redirect($"/account/signed-out?reason={SessionEndReasons.SignedOut}{(pending ? "&pending=true" : "")}");
    }

    [LoggerMessage(1, LogLevel.Information, "{Account} signed out, session {Session}; pending: {Pending}.")]
    private static partial void SignedOut(ILogger logger, string? account, string? session, bool pending);
}
