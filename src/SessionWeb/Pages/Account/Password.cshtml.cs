using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;
using SessionWeb.Revocations;
using SessionWeb.SelfService;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

internal sealed partial class PasswordModel(
    OwnPassword ownPassword,
    AccountChanges changes,
    SessionRevoker revoker,
    IOptions<AccountOptions> options,
    ILogger<PasswordModel> logger)
    : OwnAccountPage(changes, revoker)
{
    public sealed class InputModel
    {
        // Spaces are characters: a password may consist of spaces only.
        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password can have at most {1} characters.")]
        public string CurrentPassword { get; set; } = "";

        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password can have at most {1} characters.")]
        public string NewPassword { get; set; } = "";

        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [Compare(nameof(NewPassword), ErrorMessage = "The passwords do not match.")]
        public string ConfirmPassword { get; set; } = "";
    }

    [BindProperty]
    public InputModel Input { get; set; } = new();

    public int MinLength => options.Value.PasswordMinLength;

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid)
            return Page();

        var current = HttpContext.GetSession()!;
        var changed = await ownPassword.ChangeAsync(current.AccountId, Input.CurrentPassword, Input.NewPassword);
        if (!changed.Result.Succeeded)
        {
            foreach (var error in changed.Result.Errors)
            {
                var isMismatch = error.Code == nameof(IdentityErrorDescriber.PasswordMismatch);
                ModelState.AddModelError(isMismatch ? "Input.CurrentPassword" : "Input.NewPassword", error.Description);
            }
            return Page();
        }

        Changed(logger, User.Identity!.Name, changed.Sessions.Ended);
        return await ContinueAsync(changed, "/account/password", "Your password was changed.");
    }

    [LoggerMessage(1, LogLevel.Information, "{Account} changed the password; {Ended} other sessions ended.")]
    private static partial void Changed(ILogger logger, string? account, int ended);
}
