using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SessionWeb.Pages;

/// <summary>A page that says what the action before it did.</summary>
internal abstract class NoticePage : PageModel
{
    [TempData]
    public string? Notice { get; set; }

    [TempData]
    public string? NoticeKind { get; set; }

    /// <summary>Back to <paramref name="url"/>, where <paramref name="notice"/> is shown once.</summary>
    protected RedirectResult Done(string url, string notice, string kind = "success")
    {
        (Notice, NoticeKind) = (notice, kind);
        return Redirect(url);
    }
}
