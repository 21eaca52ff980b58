using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>Where a page without a script comes to shortly before its session expires. Opening it puts nothing off.</summary>
[PassiveSession]
internal sealed class ExpiringModel(TimeProvider clock) : PageModel
{
    /// <summary>Where to go on; only addresses of this site count.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public string Back => Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : Url.Content("~/");

    public Session Session => HttpContext.GetSession()!;

    public bool CanStay => Session.IdleExpiresAt < Session.ExpiresAt;

    /// <summary>This page again, once the session should be over: then it is told why, or until when it lives now.</summary>
    public string Refresh => $"{(long)Math.Clamp((Session.IdleExpiresAt - clock.GetUtcNow()).TotalSeconds + 1, 1, 24 * 60 * 60)}";
}
