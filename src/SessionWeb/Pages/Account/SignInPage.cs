using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>
/// A page that signs in a user. A refused sign-in always gets the same sentence, which does not reveal the reason.
/// </summary>
internal abstract partial class SignInPage(AuditLog audit, ILogger logger) : NoticePage
{
    /// <summary>The page to open after the sign-in. Only local URLs are accepted.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    protected string? LocalReturnUrl => Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : null;

    /// <summary>Creates the session. The account can still refuse it.</summary>
    protected async Task<IActionResult> SignInAndRedirectAsync(
        SignInCheck check, bool persistent, string refusedSentence)
    {
        var result = await HttpContext.BeginSessionAsync(check, persistent);
        if (result.Outcome != CreateOutcome.Created)
        {
            var reason = result.Outcome == CreateOutcome.Full ? "full" : SignInRefusal.Overtaken.Code();
            LogRefusal(check.Account!.UserName, reason);
            await audit.WriteAsync(new()
            {
                Event = AuditEvents.SignInRefused,
                AccountId = check.Account.Id,
                AccountName = check.Account.UserName,
                Reason = reason,
            });
            return Refuse(result.Outcome == CreateOutcome.Full
                ? "You are already signed in on the maximum number of devices. Sign out on one of them, then try again."
                : refusedSentence);
        }
        var account = check.Account!;
        var signedIn = new AuditEntry
        {
            Event = AuditEvents.SignedIn,
            AccountId = account.Id,
            AccountName = account.UserName,
        };
        var replaced = result.Replaced.Select(handle => signedIn with
        {
            Event = AuditEvents.SessionReplaced,
            SessionHandle = handle,
            Reason = SessionEndReasons.Replaced,
        });
        if (result.Former is { } former)
        {
            replaced = replaced.Append(new()
            {
                Event = AuditEvents.SessionReplaced,
                AccountId = former.AccountId,
                AccountName = former.AccountName,
                By = account.UserName,
                ById = account.Id,
                SessionHandle = former.Handle,
                Reason = SessionEndReasons.Replaced,
            });
        }
        await audit.WriteAsync(signedIn, [.. replaced]);
        if (result.Revocation is { Pending: true } revocation)
        {
            Notice = "You are signed in. This sign-in replaces an earlier session."
                + RevocationText.Appended(revocation);
            NoticeKind = "info";
        }
        SignedIn(logger, account.UserName, HttpContext.GetIpAddress(), result.Key?.Handle);
        return Redirect(LocalReturnUrl ?? "/");
    }

    /// <summary>Shows a refusal. The audit log already has an entry for it.</summary>
    /// <param name="check">The refused sign-in.</param>
    /// <param name="sentence">The sentence for the user.</param>
    /// <param name="enteredName">The user name to log if there is no account.</param>
    protected PageResult Refuse(SignInCheck check, string sentence, string? enteredName = null)
    {
        LogRefusal(check.Account?.UserName ?? enteredName, check.Refusal!.Value.Code());
        return Refuse(sentence);
    }

    protected string WithReturnUrl(string path) =>
        path + (LocalReturnUrl is { } url ? QueryString.Create("returnUrl", url) : QueryString.Empty);

    private void LogRefusal(string? account, string reason) =>
        Refused(logger, account, HttpContext.GetIpAddress(), reason);

    private PageResult Refuse(string sentence)
    {
        ModelState.AddModelError("", sentence);
        return Page();
    }

    [LoggerMessage(1, LogLevel.Information, "{Account} signed in from {Address}, session {Session}.")]
    private static partial void SignedIn(ILogger logger, string? account, string? address, string? session);

    [LoggerMessage(2, LogLevel.Warning, "A sign-in as {Account} from {Address} was refused: {Reason}.")]
    private static partial void Refused(ILogger logger, string? account, string? address, string reason);
}
