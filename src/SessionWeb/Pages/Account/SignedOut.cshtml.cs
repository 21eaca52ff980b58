using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

internal sealed class SignedOutModel : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Reason { get; set; }

    /// <summary>Whether the user signed out while Redis was unavailable.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Pending { get; set; }

    /// <summary>How the session ended. Without a session end cookie, only the reason in the URL is known.</summary>
    public SessionEnd End => HttpContext.GetSessionEnd() ?? new(Reason ?? SessionEndReasons.Expired);
}
