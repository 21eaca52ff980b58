using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionWeb.Accounts;
using SessionWeb.Audit;

namespace SessionWeb.Pages.Admin;

internal sealed class AuditModel(AuditReader audit, TimeProvider time) : PageModel
{
    private const int PageSize = 50;

    /// <summary>The name of the account, or of the actor.</summary>
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

    public bool HasFilter => Filter != new AuditFilter();

    /// <summary>The URL of the newest entries.</summary>
    public string ListUrl => $"/admin/audit{Query}";

    public string CsvUrl => $"/admin/audit{Query.Add("handler", "csv")}";

    private AuditFilter Filter => new(
        Account?.Trim() is { Length: > 0 and <= AccountOptions.MaxUserNameLength } name ? name : null,
        string.IsNullOrEmpty(Event) ? null : Event,
        From,
        To);

    private QueryString Query => QueryString.Create(new KeyValuePair<string, string?>[]
    {
        new("account", Filter.Name),
        new("event", Filter.Event),
        new("from", From?.ToString("yyyy-MM-dd")),
        new("to", To?.ToString("yyyy-MM-dd")),
    }.Where(pair => pair.Value is not null));

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        if (!AreDatesValid())
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var matches = await audit.FindAsync(Filter, cancellationToken);
        Entries = await AuditReader.PageAsync(matches, Before, After, PageSize, cancellationToken);
    }

    public async Task<IActionResult> OnGetCsvAsync(CancellationToken cancellationToken)
    {
        if (!AreDatesValid())
            return BadRequest();
        var matches = await audit.FindAsync(Filter, cancellationToken);
        var fileName = $"audit-{time.GetUtcNow():yyyyMMdd-HHmmss}.csv";
        return new AuditCsv(fileName, AuditReader.ReadAsync(matches, AuditCsv.MaxRows, cancellationToken));
    }

    private bool AreDatesValid()
    {
        foreach (var name in new[] { nameof(From), nameof(To) })
        {
            if (ModelState[name]?.Errors.Count > 0)
            {
                ModelState[name]!.Errors.Clear();
                ModelState.AddModelError(name, "Enter a valid date.");
            }
        }

        if (From > To)
            ModelState.AddModelError(nameof(To), "The end date must not be before the start date.");
        return ModelState.IsValid;
    }
}
