using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;
using SessionWeb.Data;

namespace SessionWeb.Pages.Admin;

internal sealed class AccountsModel(
    AppDbContext database, NewAccount newAccount, IOptions<AccountOptions> options, TimeProvider time) : NoticePage
{
    private const int PageSize = 50;
    private const int MaxPage = 10_000;

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter a user name.")]
        [StringLength(AccountOptions.MaxUserNameLength, ErrorMessage = "A user name can have at most {1} characters.")]
        public string UserName { get; set; } = "";

        [EmailAddress(ErrorMessage = "Enter a valid email address.")]
        [StringLength(EmailAddress.MaxLength, ErrorMessage = "An email address can have at most {1} characters.")]
        public string? Email { get; set; }

        // Spaces are characters: a password may consist of spaces only.
        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password can have at most {1} characters.")]
        public string Password { get; set; } = "";

        public bool Admin { get; set; }
    }

    public sealed record Row(
        string Id, string UserName, string? Email, bool IsAdmin, AccountState State, DateTimeOffset? LastSignInAt);

    [BindProperty]
    public InputModel Input { get; set; } = new();

    /// <summary>A part of the user name or email address.</summary>
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Query { get; set; }

    // Routing uses the name "page" for the Razor page, so this value binds to the query string explicitly.
    [FromQuery(Name = "page")]
    public int? Number { get; set; }

    public int PageNumber => Math.Clamp(Number ?? 1, 1, MaxPage);

    public bool IsSearch => !string.IsNullOrWhiteSpace(Query);

    public int MinLength => options.Value.PasswordMinLength;

    public IReadOnlyList<Row> Accounts { get; private set; } = [];

    public bool HasNext { get; private set; }

    public int Total { get; private set; }

    public Task OnGetAsync(CancellationToken cancellationToken)
    {
        // Validation applies to POST only.
        ModelState.Clear();
        return ListAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostAddAsync()
    {
        if (ModelState.IsValid)
        {
            var email = string.IsNullOrWhiteSpace(Input.Email) ? null : Input.Email.Trim();
            string[] roles = Input.Admin ? [Roles.Admin] : [];
            var added = await newAccount.AddAsync(Input.UserName, Input.Password, roles, email);
            if (added.Succeeded)
            {
                var asAdministrator = Input.Admin ? " as an administrator" : "";
                return RedirectWithNotice("/admin/accounts", $"{Input.UserName} was added{asAdministrator}.");
            }
            foreach (var error in added.Errors)
            {
                var field = error.Code == nameof(PasswordLength) ? "Input.Password" : "Input.UserName";
                ModelState.AddModelError(field, error.Description);
            }
        }
        Response.StatusCode = StatusCodes.Status400BadRequest;
        await ListAsync(HttpContext.RequestAborted);
        return Page();
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var matches = database.Users.AsNoTracking();
        if (IsSearch)
        {
            var part = Query!.Trim().ToUpperInvariant();
            matches = matches.Where(a => a.NormalizedUserName!.Contains(part) || a.NormalizedEmail!.Contains(part));
        }
        Total = await matches.CountAsync(cancellationToken);
        var administrators = database.UserRoles.Where(r => r.RoleId == Roles.Admin).Select(r => r.UserId);
        var rows = await matches.OrderBy(a => a.NormalizedUserName).Skip((PageNumber - 1) * PageSize).Take(PageSize + 1)
            .Select(a => new { Account = a, IsAdmin = administrators.Contains(a.Id) }).ToListAsync(cancellationToken);
        HasNext = rows.Count > PageSize;
        var now = time.GetUtcNow();
        Accounts =
        [
            .. rows.Take(PageSize).Select(row => new Row(
                row.Account.Id,
                row.Account.UserName!,
                row.Account.Email,
                row.IsAdmin,
                AccountState.Of(row.Account, now),
                row.Account.LastSignInAt)),
        ];
    }
}
