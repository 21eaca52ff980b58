using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Revocations;
using SessionWeb.Security;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Admin;

/// <summary>Shows one account. The other part of the class has its actions.</summary>
internal sealed partial class AccountModel(
    AppDbContext database,
    AccountActions actions,
    CredentialActions credentials,
    ProfileActions profiles,
    SessionRevoker revoker,
    ISessionStore sessions,
    AuditReader audit,
    IOptions<AccountOptions> options,
    TimeProvider clock)
    : NoticePage
{
    private const int RecentEntries = 10;

    public sealed class InputModel
    {
        [StringLength(AccountOptions.MaxUserNameLength, ErrorMessage = "A user name can have at most {1} characters.")]
        public string? UserName { get; set; }

        [EmailAddress(ErrorMessage = "Enter a valid email address.")]
        [StringLength(EmailAddress.MaxLength, ErrorMessage = "An email address can have at most {1} characters.")]
        public string? Email { get; set; }

        /// <summary>UTC. Null disables the account until an administrator enables it.</summary>
        public DateTime? Until { get; set; }

        [StringLength(SessionEnd.MaxMessageLength, ErrorMessage = "A message can have at most {1} characters.")]
        public string? Message { get; set; }

        [DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password can have at most {1} characters.")]
        public string Password { get; set; } = "";
    }

    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    [BindProperty]
    public InputModel Input { get; set; } = new();

    public Data.Account Account { get; private set; } = null!;

    public AccountState State => AccountState.Of(Account, clock.GetUtcNow());

    public bool IsDisabled => Account.IsDisabledAt(clock.GetUtcNow());

    public bool IsAdmin { get; private set; }

    /// <summary>Whether this is the administrator's account.</summary>
    public bool IsOwn => Id == HttpContext.GetSession()!.AccountId;

    public IReadOnlyList<Session> Sessions { get; private set; } = [];

    public IReadOnlyList<AuditEntry> Recent { get; private set; } = [];

    public int MinLength => options.Value.PasswordMinLength;

    private string PagePath => $"/admin/accounts/{Uri.EscapeDataString(Id)}";

    private string AdministratorName => User.Identity!.Name!;

    private string? Message =>
        string.IsNullOrWhiteSpace(Input.Message) ? null : VisibleText.CleanMessage(Input.Message.Trim());

    public bool IsCurrent(Session session) => session.Key == HttpContext.GetSession()!.Key;

    public async Task<IActionResult> OnGetAsync()
    {
        ModelState.Clear();
        return await LoadAccountAsync() ? await RenderAsync() : NotFound();
    }

    /// <summary>Runs an action if the account exists, the input is valid, and the account permits the action.</summary>
    /// <param name="action">The action.</param>
    /// <param name="ownAccountError">The error for the administrator's account. Null permits the action.</param>
    private async Task<IActionResult> RunAsync(Func<Task<IActionResult>> action, string? ownAccountError = null)
    {
        if (!await LoadAccountAsync())
            return NotFound();
        if (ModelState.GetFieldValidationState("Input.Until") == ModelValidationState.Invalid)
        {
            ModelState.Remove("Input.Until");
            return await RejectAsync("Input.Until", "Enter a date and time, such as 2030-01-31T18:00.");
        }
        if (!ModelState.IsValid)
            return await RenderAsync(StatusCodes.Status400BadRequest);
        if (ownAccountError is not null && IsOwn)
            return RedirectWithNotice(PagePath, ownAccountError, "error");
        return await action();
    }

    private async Task<IActionResult> RejectAsync(string field, string sentence)
    {
        ModelState.AddModelError(field, sentence);
        return await RenderAsync(StatusCodes.Status400BadRequest);
    }

    private async Task<bool> LoadAccountAsync()
    {
        var administrators = database.UserRoles.Where(r => r.RoleId == Roles.Admin).Select(r => r.UserId);
        var result = await database.Users.AsNoTracking().Where(a => a.Id == Id)
            .Select(a => new { Account = a, IsAdmin = administrators.Contains(a.Id) })
            .SingleOrDefaultAsync(HttpContext.RequestAborted);
        if (result is not null)
            (Account, IsAdmin) = (result.Account, result.IsAdmin);
        return result is not null;
    }

    private async Task<IActionResult> RenderAsync(int status = StatusCodes.Status200OK)
    {
        Response.StatusCode = status;
        Sessions = await sessions.ListAsync([AccountTag.For(Id)], HttpContext.RequestAborted);
        Input.UserName ??= Account.UserName;
        Input.Email ??= Account.Email;
        var recent = await AuditReader.PageAsync(
            audit.OfAccount(Id), null, null, RecentEntries, HttpContext.RequestAborted);
        Recent = recent.Entries;
        return Page();
    }
}
