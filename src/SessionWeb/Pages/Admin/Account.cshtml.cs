using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Security;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Admin;

/// <summary>One account: what there is to know of it, and all that can be done to it.</summary>
internal sealed partial class AccountModel(
    AppDbContext database, AccountActions actions, PasswordActions passwords, ProfileActions profiles, TwoFactorActions twoFactor, Revocations revocations, ISessionStore sessions, AuditReader audit, IOptions<AccountOptions> options, TimeProvider time)
    : NoticePage
{
    private const int RecentEntries = 10;

    public sealed class InputModel
    {
        [StringLength(AccountOptions.MaxUserNameLength, ErrorMessage = "A user name has at most {1} characters.")]
        public string? UserName { get; set; }

        [EmailAddress(ErrorMessage = "This is not an e-mail address.")]
        [StringLength(ProfileActions.MaxEmailLength, ErrorMessage = "An e-mail address has at most {1} characters.")]
        public string? Email { get; set; }

        /// <summary>UTC; nothing means for good.</summary>
        public DateTime? Until { get; set; }

        [StringLength(SessionEnd.MaxMessageLength, ErrorMessage = "A message has at most {1} characters.")]
        public string? Message { get; set; }

        [DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password has at most {1} characters.")]
        public string Password { get; set; } = "";
    }

    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    [BindProperty]
    public InputModel Input { get; set; } = new();

    public Accounts.Account Account { get; private set; } = null!;

    public AccountState State => AccountState.Of(Account, time.GetUtcNow());

    public bool IsAdmin { get; private set; }

    /// <summary>Whether it is the account of whoever looks at it.</summary>
    public bool IsOwn => Id == HttpContext.GetSession()!.AccountId;

    public IReadOnlyList<Session> Sessions { get; private set; } = [];

    public IReadOnlyList<AuditEntry> Recent { get; private set; } = [];

    public int MinLength => options.Value.PasswordMinLength;

    private string Here => $"/admin/accounts/{Uri.EscapeDataString(Id)}";

    private string Me => User.Identity!.Name!;

    private string? Message => string.IsNullOrWhiteSpace(Input.Message) ? null : VisibleText.CleanMessage(Input.Message.Trim());

    public bool IsCurrent(Session session) => session.Key == HttpContext.GetSession()!.Key;

    public async Task<IActionResult> OnGetAsync()
    {
        ModelState.Clear();
        return await FindAsync() ? await ShowAsync() : NotFound();
    }

    /// <summary>What every action has in common: an account, valid input, and somebody who may do it to that account.</summary>
    private async Task<IActionResult> ActAsync(Func<Task<IActionResult>> act, string? othersOnly = null)
    {
        if (!await FindAsync())
            return NotFound();
        if (ModelState.GetFieldValidationState("Input.Until") == ModelValidationState.Invalid)
        {
            ModelState.Remove("Input.Until");
            return await RefuseAsync("Input.Until", "This is not a date and a time, such as 2030-01-31T18:00.");
        }
        if (!ModelState.IsValid)
            return await ShowAsync(StatusCodes.Status400BadRequest);
        if (othersOnly is not null && IsOwn)
            return Done(Here, othersOnly, "error");
        try
        {
            return await act();
        }
        catch (LastAdministratorException e)
        {
            return Done(Here, e.Message, "error");
        }
    }

    private async Task<IActionResult> RefuseAsync(string field, string sentence)
    {
        ModelState.AddModelError(field, sentence);
        return await ShowAsync(StatusCodes.Status400BadRequest);
    }

    private async Task<bool> FindAsync()
    {
        var found = await database.Users.AsNoTracking().Where(a => a.Id == Id)
            .Select(a => new { Account = a, IsAdmin = database.UserRoles.Any(r => r.UserId == a.Id && r.RoleId == Roles.Admin) })
            .SingleOrDefaultAsync(HttpContext.RequestAborted);
        if (found is not null)
            (Account, IsAdmin) = (found.Account, found.IsAdmin);
        return found is not null;
    }

    private async Task<IActionResult> ShowAsync(int status = StatusCodes.Status200OK)
    {
        Response.StatusCode = status;
        Sessions = await sessions.ListAsync([AccountTag.For(Id)], HttpContext.RequestAborted);
        Input.UserName ??= Account.UserName;
        Input.Email ??= Account.Email;
        Recent = (await AuditReader.PageAsync(audit.OfAccount(Id), null, null, RecentEntries, HttpContext.RequestAborted)).Entries;
        return Page();
    }
}
