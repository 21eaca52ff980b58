using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Revocations;
using SessionWeb.SelfService;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>A page on which users change their own account.</summary>
internal abstract class OwnAccountPage(AccountChanges changes, SessionRevoker revoker) : NoticePage
{
    protected AccountChanges Changes => changes;

    /// <summary>Says what changed and why the user has to sign in again. Null if the session continues.</summary>
    public string? SignInAgain { get; private set; }

    /// <summary>Ends the session if its account was deleted.</summary>
    public override async Task OnPageHandlerExecutionAsync(
        PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var session = HttpContext.GetSession()!;
        if (!await changes.Of(session.AccountId).AnyAsync(HttpContext.RequestAborted))
        {
            await revoker.EndOrphanAsync(session);
            context.Result = Redirect($"/account/signed-out?reason={SessionEndReasons.AccountDisabled}");
            return;
        }
        await base.OnPageHandlerExecutionAsync(context, next);
    }

    /// <summary>Redirects to the page, in a new session if the change ended all sessions.</summary>
    /// <param name="changed">The change.</param>
    /// <param name="url">The page.</param>
    /// <param name="changedSentence">Says what changed.</param>
    protected async Task<IActionResult> ContinueAsync(OwnAccountChange changed, string url, string changedSentence)
    {
        var sessions = changed.Sessions;
        if (!changed.EndsSessions)
            return RedirectWithNotice(url, changedSentence + RevocationText.Appended(sessions));
        if (await HttpContext.BeginSessionAfterChangeAsync(changed.Check!) is { } result)
        {
            var replacementPending = result.Revocation is { Pending: true };
            var others = sessions with { Pending = sessions.Pending || replacementPending };
            return RedirectWithNotice(url, changedSentence + OwnRevocationText.OfOtherDevices(others));
        }
        // Redis is unavailable, or an administrator changed the account meanwhile. The change itself is kept.
        SignInAgain = sessions.Pending
            ? $"{changedSentence} All your sessions, including this one, will end.{RevocationText.Appended(sessions)}"
            : $"{changedSentence} All your sessions, including this one, have ended."
                + RevocationText.Appended(sessions);
        return Page();
    }
}
