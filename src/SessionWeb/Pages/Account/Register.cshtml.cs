using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;

namespace SessionWeb.Pages.Account;

/// <summary>Creates an account for a new user. Responds 404 unless <c>Accounts:Registration</c> is on.</summary>
internal sealed partial class RegisterModel(
    NewAccount newAccount, IOptions<AccountOptions> options, ILogger<RegisterModel> logger) : NoticePage
{
    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter a user name.")]
        [StringLength(AccountOptions.MaxUserNameLength, ErrorMessage = "A user name can have at most {1} characters.")]
        public string UserName { get; set; } = "";

        [Required(ErrorMessage = "Enter your email address.")]
        [EmailAddress(ErrorMessage = "Enter a valid email address.")]
        [StringLength(EmailAddress.MaxLength, ErrorMessage = "An email address can have at most {1} characters.")]
        public string Email { get; set; } = "";

        // Spaces are characters: a password may consist of spaces only.
        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password can have at most {1} characters.")]
        public string Password { get; set; } = "";

        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [Compare(nameof(Password), ErrorMessage = "The passwords do not match.")]
        public string ConfirmPassword { get; set; } = "";
    }

    [BindProperty]
    public InputModel Input { get; set; } = new();

    public int MinLength => options.Value.PasswordMinLength;

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (!options.Value.Registration)
            context.Result = NotFound();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid)
            return Page();
        var added = await newAccount.AddAsync(
            Input.UserName, Input.Password, [], Input.Email, reason: "registration",
            cancellationToken: HttpContext.RequestAborted);
        if (!added.Succeeded)
        {
            foreach (var error in added.Errors)
                ModelState.AddModelError("", error.Description);
            return Page();
        }
        Registered(logger, Input.UserName, HttpContext.Connection.RemoteIpAddress?.ToString());
        return RedirectWithNotice("/account/login", "Your account was created. Sign in to continue.");
    }

    [LoggerMessage(1, LogLevel.Information, "{Account} registered from {Address}.")]
    private static partial void Registered(ILogger logger, string account, string? address);
}
