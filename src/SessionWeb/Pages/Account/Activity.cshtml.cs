using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionWeb.Audit;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

internal sealed class ActivityModel(AuditReader audit) : PageModel
{
    private const int PageSize = 50;

    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    public AuditPage Activity { get; private set; } = new([], false, false);

    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Activity = await AuditReader.PageAsync(
            audit.OfAccount(HttpContext.GetSession()!.AccountId), Before, After, PageSize, cancellationToken);
}
