using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionWeb.Audit;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

internal sealed partial class LogoutModel(AuditLog audit, ILogger<LogoutModel> logger) : PageModel
{
    public async Task<IActionResult> OnPostAsync()
    {
        await HttpContext.SignOutAsync();
        if (HttpContext.GetSession() is { } session)
            await audit.WriteAsync(new() { Event = AuditEvents.SignedOut, AccountId = session.AccountId, AccountName = User.Identity?.Name });
        SignedOut(logger, User.Identity?.Name, HttpContext.GetSessionKey()?.Handle);
        // Not "cookies": that would sweep those of other apps under the same domain, too.
        Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        return Redirect($"/account/signed-out?reason={EndReasons.SignedOut}");
    }

    [LoggerMessage(1, LogLevel.Information, "{Account} signed out, session {Session}.")]
    private static partial void SignedOut(ILogger logger, string? account, string? session);
}
