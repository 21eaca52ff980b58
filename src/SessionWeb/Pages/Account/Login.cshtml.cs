using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

internal sealed class LoginModel(
    SignIn signIn, PendingSignInCookie pendingCookie, AuditLog audit, IOptions<AccountOptions> options, ILogger<LoginModel> logger) : SignInPage(audit, logger)
{
    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter your user name.")]
        [StringLength(AccountOptions.MaxUserNameLength, ErrorMessage = "A user name has at most {1} characters.")]
        public string UserName { get; set; } = "";

        // Spaces count, also where there is nothing else.
        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password has at most {1} characters.")]
        public string Password { get; set; } = "";

        public bool RememberMe { get; set; }
    }

    [BindProperty]
    public InputModel Input { get; set; } = new();

    public bool Registration => options.Value.Registration;

    /// <summary>How the session ended whose cookie this browser still had.</summary>
    public SessionEnd? Ended => HttpContext.GetSessionEnd();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }

        var check = await signIn.CheckAsync(Input.UserName, Input.Password, cancellationToken: HttpContext.RequestAborted);
        if (!check.Succeeded)
            return Refuse(check, SignInCheck.RefusedSentence, Input.UserName);
        if (!check.NeedsCode)
            return await EnterAsync(check, Input.RememberMe, SignInCheck.RefusedSentence);

        // The cookie of a session that has ended would be answered in place of the second step.
        if (Ended is not null)
            await HttpContext.SignOutAsync();
        pendingCookie.Leave(HttpContext, PendingSignIn.Of(check, Input.RememberMe));
        return Redirect("/account/login/code" + (LocalReturnUrl is { } url ? QueryString.Create("returnUrl", url) : QueryString.Empty));
    }
}
