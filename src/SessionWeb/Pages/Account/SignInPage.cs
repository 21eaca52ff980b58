using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>A page at whose end somebody is signed in, or told one sentence, whatever the reason.</summary>
internal abstract partial class SignInPage(AuditLog audit, ILogger logger) : NoticePage
{
    /// <summary>Where to go afterwards; only addresses of this site count.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    protected string? LocalReturnUrl => Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : null;

    /// <summary>Begins the session, which the account may still refuse.</summary>
    protected async Task<IActionResult> EnterAsync(SignInCheck check, bool persistent, string refusedSentence)
    {
        try
        {
            await HttpContext.SignInAsync(check, persistent);
        }
        catch (SignInRefusedException refused)
        {
            var reason = refused.Outcome == CreateOutcome.Full ? "full" : SignInRefusal.Overtaken.Word();
            LogRefusal(check.Account!.UserName, reason);
            await audit.WriteAsync(new()
            {
                Event = AuditEvents.SignInRefused, AccountId = check.Account.Id, AccountName = check.Account.UserName, Reason = reason,
            });
            return Refuse(refused.Outcome == CreateOutcome.Full
                ? "You are signed in on as many devices as this site allows. Sign out on one of them first."
                : refusedSentence);
        }
        var entry = new AuditEntry { Event = AuditEvents.SignedIn, AccountId = check.Account!.Id, AccountName = check.Account.UserName };
        await audit.WriteAsync(entry, [.. HttpContext.GetReplacedSessions().Select(handle => entry with
        {
            Event = AuditEvents.SessionReplaced, SessionHandle = handle, Reason = SessionEndReasons.Replaced,
        })]);
        if (HttpContext.GetRevocation() is { Pending: true } replaced)
            (Notice, NoticeKind) = ($"You are signed in. This sign-in takes the place of an earlier session.{RevocationNotice.Of(replaced)}", "info");
        SignedIn(logger, check.Account.UserName, HttpContext.Connection.RemoteIpAddress?.ToString(), HttpContext.GetSessionKey()?.Handle);
        return Redirect(LocalReturnUrl ?? "/");
    }

    /// <summary>Answers a refusal that is in the audit log already.</summary>
    /// <param name="typed">The name for the log where there is no account.</param>
    protected PageResult Refuse(SignInCheck check, string sentence, string? typed = null)
    {
        LogRefusal(check.Account?.UserName ?? typed, check.Refusal!.Value.Word());
        return Refuse(sentence);
    }

    private void LogRefusal(string? account, string reason) =>
        Refused(logger, account, HttpContext.Connection.RemoteIpAddress?.ToString(), reason);

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
