using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Data;
using SessionWeb.Revocations;
using SessionWeb.SelfService;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>Shows the user's account and changes its email address.</summary>
internal sealed class ProfileModel(
    AppDbContext database, OwnEmail ownEmail, AccountChanges changes, SessionRevoker revoker)
    : OwnAccountPage(changes, revoker)
{
    private const string PagePath = "/account/profile";

    public sealed class InputModel
    {
        [EmailAddress(ErrorMessage = "Enter a valid email address.")]
        [StringLength(EmailAddress.MaxLength, ErrorMessage = "An email address can have at most {1} characters.")]
        public string? Email { get; set; }

        // Spaces are characters: a password may consist of spaces only.
        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password can have at most {1} characters.")]
        public string CurrentPassword { get; set; } = "";
    }

    [BindProperty]
    public InputModel Input { get; set; } = new();

    public Data.Account Account { get; private set; } = null!;

    public async Task OnGetAsync()
    {
        // Validation applies to POST only.
        ModelState.Clear();
        await LoadAccountAsync();
        Input.Email = Account.Email;
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await LoadAccountAsync();
        if (!ModelState.IsValid)
            return Reject();
        var email = string.IsNullOrWhiteSpace(Input.Email) ? null : Input.Email.Trim();
        var changed = await ownEmail.ChangeAsync(Account.Id, Input.CurrentPassword, email);
        foreach (var error in changed.Result.Errors)
        {
            var isMismatch = error.Code == nameof(IdentityErrorDescriber.PasswordMismatch);
            ModelState.AddModelError(isMismatch ? "Input.CurrentPassword" : "Input.Email", error.Description);
        }
        if (!changed.Result.Succeeded)
            return Reject();
        if (!changed.IsChanged)
            return RedirectWithNotice(PagePath, "This is already your email address.", "info");
        var change = email is null ? "removed" : "changed";
        return await ContinueAsync(changed, PagePath, $"Your email address was {change}.");
    }

    private async Task LoadAccountAsync()
    {
        var id = HttpContext.GetSession()!.AccountId;
        Account = await database.Users.AsNoTracking().SingleAsync(a => a.Id == id, HttpContext.RequestAborted);
    }

    private PageResult Reject()
    {
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
