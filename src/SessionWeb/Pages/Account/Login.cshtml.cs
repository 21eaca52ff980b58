using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

internal sealed class LoginModel(
    SignIn signIn,
    PendingSignInCookie pendingCookie,
    AuditLog audit,
    IOptions<AccountOptions> options,
    ILogger<LoginModel> logger) : SignInPage(audit, logger)
{
    private const string RefusedSentence =
        "The user name or password is incorrect, or this account cannot sign in at the moment.";

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter your user name.")]
        [StringLength(AccountOptions.MaxUserNameLength, ErrorMessage = "A user name can have at most {1} characters.")]
        public string UserName { get; set; } = "";

        // Spaces are characters: a password may consist of spaces only.
        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password can have at most {1} characters.")]
        public string Password { get; set; } = "";

        public bool RememberMe { get; set; }
    }

    [BindProperty]
    public InputModel Input { get; set; } = new();

    public bool IsRegistrationOpen => options.Value.Registration;

    /// <summary>How the session of this browser's old cookie ended.</summary>
    public SessionEnd? SessionEnd => HttpContext.GetSessionEnd();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }

        var check = await signIn.CheckAsync(
            Input.UserName, Input.Password, cancellationToken: HttpContext.RequestAborted);
        if (!check.Succeeded)
            return Refuse(check, RefusedSentence, Input.UserName);
        if (!check.NeedsCode)
            return await SignInAndRedirectAsync(check, Input.RememberMe, RefusedSentence);

        // Without the old cookie, the second step is not redirected to the signed-out page.
        if (SessionEnd is not null)
            await HttpContext.SignOutAsync();
        pendingCookie.Append(HttpContext, PendingSignIn.Of(check, Input.RememberMe));
        return Redirect(WithReturnUrl("/account/login/code"));
    }
}
