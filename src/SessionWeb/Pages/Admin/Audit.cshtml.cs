using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionWeb.Accounts;
using SessionWeb.Audit;

namespace SessionWeb.Pages.Admin;

internal sealed class AuditModel(AuditReader audit, TimeProvider time) : PageModel
{
    private const int PageSize = 50;

    /// <summary>The name of an account.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Account { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Event { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? To { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    public AuditPage Entries { get; private set; } = new([], false, false);

    public bool Filtering => Filter != new AuditFilter();

    /// <summary>This list's address without a place in it.</summary>
    public string Here => $"/admin/audit{Query}";

    public string CsvAddress => $"/admin/audit{Query.Add("handler", "csv")}";

    private AuditFilter Filter => new(
        Account?.Trim() is { Length: > 0 and <= AccountOptions.MaxUserNameLength } name ? name : null, string.IsNullOrEmpty(Event) ? null : Event, From, To);

    private QueryString Query => QueryString.Create(new KeyValuePair<string, string?>[]
    {
        new("account", Filter.Name), new("event", Filter.Event), new("from", From?.ToString("yyyy-MM-dd")), new("to", To?.ToString("yyyy-MM-dd")),
    }.Where(pair => pair.Value is not null));

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        if (IsWanted())
            Entries = await AuditReader.PageAsync(await audit.FindAsync(Filter, cancellationToken), Before, After, PageSize, cancellationToken);
        else
            Response.StatusCode = StatusCodes.Status400BadRequest;
    }

    public async Task<IActionResult> OnGetCsvAsync(CancellationToken cancellationToken) => IsWanted()
        ? new AuditCsv($"audit-{time.GetUtcNow():yyyyMMdd-HHmmss}.csv", AuditReader.ReadAsync(await audit.FindAsync(Filter, cancellationToken), AuditCsv.MaxRows, cancellationToken))
        : BadRequest();

    private bool IsWanted()
    {
        foreach (var name in new[] { nameof(From), nameof(To) })
            if (ModelState[name]?.Errors.Count > 0)
            {
                ModelState[name]!.Errors.Clear();
                ModelState.AddModelError(name, "This is not a date.");
            }
        if (From > To)
            ModelState.AddModelError(nameof(To), "This is before the first day.");
        return ModelState.IsValid;
    }
}
