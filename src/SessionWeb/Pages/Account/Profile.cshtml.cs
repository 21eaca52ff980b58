using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>What there is of the own account, and its e-mail address to change.</summary>
internal sealed class ProfileModel(AppDbContext database, ProfileActions profiles, AccountChanges changes, Revocations revocations)
    : OwnAccountPage(changes, revocations)
{
    private const string Here = "/account/profile";

    public sealed class InputModel
    {
        [EmailAddress(ErrorMessage = "This is not an e-mail address.")]
        [StringLength(ProfileActions.MaxEmailLength, ErrorMessage = "An e-mail address has at most {1} characters.")]
        public string? Email { get; set; }

        // Spaces count, also where there is nothing else.
        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password has at most {1} characters.")]
        public string CurrentPassword { get; set; } = "";
    }

    [BindProperty]
    public InputModel Input { get; set; } = new();

    public Accounts.Account Account { get; private set; } = null!;

    public async Task OnGetAsync()
    {
        // Only what is posted is checked.
        ModelState.Clear();
        await FindAsync();
        Input.Email = Account.Email;
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await FindAsync();
        if (!ModelState.IsValid)
            return Refuse();
        var email = string.IsNullOrWhiteSpace(Input.Email) ? null : Input.Email.Trim();
        var changed = await profiles.ChangeEmailAsync(Account.Id, Input.CurrentPassword, email);
        foreach (var error in changed.Result.Errors)
            ModelState.AddModelError(error.Code == nameof(IdentityErrorDescriber.PasswordMismatch) ? "Input.CurrentPassword" : "Input.Email", error.Description);
        if (!changed.Result.Succeeded)
            return Refuse();
        if (changed.Change is null)
            return Done(Here, "That is your e-mail address already.", "info");
        return await ContinueAsync(changed, Here, $"Your e-mail address was {(email is null ? "removed" : "changed")}.");
    }

    private async Task FindAsync()
    {
        var id = HttpContext.GetSession()!.AccountId;
        Account = await database.Users.AsNoTracking().SingleAsync(a => a.Id == id, HttpContext.RequestAborted);
    }

    private PageResult Refuse()
    {
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
