using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>
/// Warns a browser without JavaScript shortly before its session expires. This request does not extend the session.
/// </summary>
[PassiveSession]
internal sealed class ExpiringModel(TimeProvider clock) : PageModel
{
    /// <summary>The page to return to. Only local URLs are accepted.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public string Back => Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : Url.Content("~/");

    public Session Session => HttpContext.GetSession()!;

    public bool CanExtend => Session.IdleExpiresAt < Session.ExpiresAt;

    /// <summary>Reloads this page after the expiry. It then shows why the session ended, or the new time.</summary>
    public string Refresh
    {
        get
        {
            var seconds = (Session.IdleExpiresAt - clock.GetUtcNow()).TotalSeconds + 1;
            return $"{(long)Math.Clamp(seconds, 1, 24 * 60 * 60)}";
        }
    }
}
