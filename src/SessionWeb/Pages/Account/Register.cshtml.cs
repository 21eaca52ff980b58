using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;

namespace SessionWeb.Pages.Account;

/// <summary>Open sign-up, where <c>Accounts:Registration</c> says so; elsewhere there is no such page.</summary>
internal sealed partial class RegisterModel(NewAccount newAccount, IOptions<AccountOptions> options, ILogger<RegisterModel> logger) : NoticePage
{
    public sealed class InputModel
    {
        [Required(ErrorMessage = "Choose a user name.")]
        [StringLength(AccountOptions.MaxUserNameLength, ErrorMessage = "A user name has at most {1} characters.")]
        public string UserName { get; set; } = "";

        [Required(ErrorMessage = "Enter your e-mail address.")]
        [EmailAddress(ErrorMessage = "This is not an e-mail address.")]
        [StringLength(254, ErrorMessage = "An e-mail address has at most {1} characters.")]
        public string Email { get; set; } = "";

        // Spaces count, also where there is nothing else.
        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password has at most {1} characters.")]
        public string Password { get; set; } = "";

        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [Compare(nameof(Password), ErrorMessage = "This differs from the password.")]
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
        var added = await newAccount.AddAsync(Input.UserName, Input.Password, [], Input.Email, reason: "registration", cancellationToken: HttpContext.RequestAborted);
        if (!added.Succeeded)
        {
            foreach (var error in added.Errors)
                ModelState.AddModelError("", error.Description);
            return Page();
        }
        Registered(logger, Input.UserName, HttpContext.Connection.RemoteIpAddress?.ToString());
        return Done("/account/login", "Your account is ready. Sign in with it.");
    }

    [LoggerMessage(1, LogLevel.Information, "{Account} registered from {Address}.")]
    private static partial void Registered(ILogger logger, string account, string? address);
}
