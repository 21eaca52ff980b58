using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using SessionWeb.Accounts;
using SessionWeb.Audit;

namespace SessionWeb.Pages.Account;

/// <summary>The second step of a sign-in, for accounts that require a code. It creates the session.</summary>
internal sealed class LoginCodeModel(
    SignInCode signInCode, PendingSignInCookie pendingCookie, AuditLog audit, ILogger<LoginCodeModel> logger)
    : SignInPage(audit, logger)
{
    private const string RefusedSentence = "The code is incorrect, or this account cannot sign in at the moment.";

    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter the code.")]
        [StringLength(TwoFactorCodes.MaxLength, ErrorMessage = "A code can have at most {1} characters.")]
        public string Code { get; set; } = "";
    }

    [BindProperty]
    public InputModel Input { get; set; } = new();

    public IActionResult OnGet()
    {
        ModelState.Clear();
        return pendingCookie.Find(HttpContext) is null ? StartOver() : Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (pendingCookie.Find(HttpContext) is not { } pending)
            return StartOver();
        if (!ModelState.IsValid)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }
        var check = await signInCode.CheckAsync(pending, Input.Code);
        if (!check.Succeeded)
            return Refuse(check, RefusedSentence);
        pendingCookie.Remove(HttpContext);
        return await SignInAndRedirectAsync(check, pending.Persistent, RefusedSentence);
    }

    private RedirectResult StartOver() => RedirectWithNotice(
        WithReturnUrl("/account/login"),
        "Enter your user name and password first. Then enter the code within five minutes.",
        "info");
}
