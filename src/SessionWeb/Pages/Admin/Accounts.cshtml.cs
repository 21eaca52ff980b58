using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;
using SessionWeb.Data;

namespace SessionWeb.Pages.Admin;

internal sealed class AccountsModel(AppDbContext database, NewAccount newAccount, IOptions<AccountOptions> options, TimeProvider time) : NoticePage
{
    private const int PageSize = 50;
    private const int MaxPage = 10_000;

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Choose a user name.")]
        [StringLength(AccountOptions.MaxUserNameLength, ErrorMessage = "A user name has at most {1} characters.")]
        public string UserName { get; set; } = "";

        [EmailAddress(ErrorMessage = "This is not an e-mail address.")]
        [StringLength(254, ErrorMessage = "An e-mail address has at most {1} characters.")]
        public string? Email { get; set; }

        // Spaces count, also where there is nothing else.
        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password has at most {1} characters.")]
        public string Password { get; set; } = "";

        public bool Admin { get; set; }
    }

    public sealed record Row(string Id, string UserName, string? Email, bool IsAdmin, AccountState State, DateTimeOffset? LastSignInAt);

    [BindProperty]
    public InputModel Input { get; set; } = new();

    /// <summary>Part of a name or an e-mail address.</summary>
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Query { get; set; }

    // "page" alone means the Razor page to routing.
    [FromQuery(Name = "page")]
    public int? Number { get; set; }

    public int PageNumber => Math.Clamp(Number ?? 1, 1, MaxPage);

    public bool Searching => !string.IsNullOrWhiteSpace(Query);

    public int MinLength => options.Value.PasswordMinLength;

    public IReadOnlyList<Row> Accounts { get; private set; } = [];

    public bool HasNext { get; private set; }

    public int Total { get; private set; }

    public Task OnGetAsync(CancellationToken cancellationToken)
    {
        // Only the form that adds an account is checked.
        ModelState.Clear();
        return ListAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostAddAsync()
    {
        if (ModelState.IsValid)
        {
            var added = await newAccount.AddAsync(
                Input.UserName, Input.Password, Input.Admin ? [Roles.Admin] : [], string.IsNullOrWhiteSpace(Input.Email) ? null : Input.Email.Trim());
            if (added.Succeeded)
                return Done("/admin/accounts", $"{Input.UserName} was added{(Input.Admin ? " as an administrator" : "")}.");
            foreach (var error in added.Errors)
                ModelState.AddModelError(error.Code == nameof(PasswordLength) ? "Input.Password" : "Input.UserName", error.Description);
        }
        Response.StatusCode = StatusCodes.Status400BadRequest;
        await ListAsync(HttpContext.RequestAborted);
        return Page();
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var found = database.Users.AsNoTracking();
        if (Searching)
        {
            var part = Query!.Trim().ToUpperInvariant();
            found = found.Where(a => a.NormalizedUserName!.Contains(part) || a.NormalizedEmail!.Contains(part));
        }
        Total = await found.CountAsync(cancellationToken);
        var administrators = database.UserRoles.Where(r => r.RoleId == Roles.Admin).Select(r => r.UserId);
        var rows = await found.OrderBy(a => a.NormalizedUserName).Skip((PageNumber - 1) * PageSize).Take(PageSize + 1)
            .Select(a => new { Account = a, IsAdmin = administrators.Contains(a.Id) }).ToListAsync(cancellationToken);
        HasNext = rows.Count > PageSize;
        var now = time.GetUtcNow();
        Accounts = [.. rows.Take(PageSize).Select(r =>
            new Row(r.Account.Id, r.Account.UserName!, r.Account.Email, r.IsAdmin, AccountState.Of(r.Account, now), r.Account.LastSignInAt))];
    }
}
