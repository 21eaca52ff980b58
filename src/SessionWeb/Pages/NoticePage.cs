using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SessionWeb.Pages;

/// <summary>A page that shows the result of the previous action.</summary>
internal abstract class NoticePage : PageModel
{
    [TempData]
    public string? Notice { get; set; }

    [TempData]
    public string? NoticeKind { get; set; }

    /// <summary>Redirects to <paramref name="url"/>, which shows <paramref name="notice"/> once.</summary>
    protected RedirectResult RedirectWithNotice(string url, string notice, string kind = "success")
    {
        (Notice, NoticeKind) = (notice, kind);
        return Redirect(url);
    }
}
