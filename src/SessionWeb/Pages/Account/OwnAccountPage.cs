using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Administration;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>A page on which users change their own account.</summary>
internal abstract class OwnAccountPage(AccountChanges changes, Revocations revocations) : NoticePage
{
    protected AccountChanges Changes => changes;

    protected Revocations Revocations => revocations;

    /// <summary>What was changed, and why the user has to sign in again; null if the session continues.</summary>
    public string? SignInAgain { get; private set; }

    /// <summary>Ends the session if its account was deleted.</summary>
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var session = HttpContext.GetSession()!;
        if (!await changes.Of(session.AccountId).AnyAsync(HttpContext.RequestAborted))
        {
            await revocations.EndOrphanAsync(session);
            context.Result = Redirect($"/account/signed-out?reason={SessionEndReasons.AccountDisabled}");
            return;
        }
        await base.OnPageHandlerExecutionAsync(context, next);
    }

    /// <summary>Leads back to the page, under a new session if the change ended all sessions.</summary>
    /// <param name="changed">The change.</param>
    /// <param name="url">The page.</param>
    /// <param name="changedSentence">What was changed.</param>
    protected async Task<IActionResult> ContinueAsync(OwnAccountChange changed, string url, string changedSentence)
    {
        var sessions = changed.Sessions;
        if (!changed.Change!.EndsSessions)
            return Done(url, changedSentence + RevocationNotice.Of(sessions));
        if (await HttpContext.ContinueAsync(changed.Check!))
        {
            var replaced = HttpContext.GetRevocation() is { Pending: true };
            return Done(url, changedSentence + RevocationNotice.OfOthers(sessions with { Pending = sessions.Pending || replaced }));
        }
        // Redis is unavailable, or an administrator changed the account meanwhile. What was changed stays changed.
        SignInAgain = sessions.Pending
            ? $"{changedSentence} All your sessions will end, this one included.{RevocationNotice.Of(sessions)}"
            : $"{changedSentence} All your sessions ended, this one included.{RevocationNotice.Of(sessions)}";
        return Page();
    }
}
