using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>Lists the sessions of the user's account, which the page calls devices, and revokes them.</summary>
internal sealed partial class SessionsModel(
    ISessionStore sessions,
    AppDbContext database,
    AccountActions actions,
    AccountChanges changes,
    Revocations revocations,
    DeniedRequestRecorder denied,
    ILogger<SessionsModel> logger)
    : OwnAccountPage(changes, revocations)
{
    private const string PagePath = "/account/sessions";

    private static readonly SessionEnd ByYou = new(SessionEndReasons.RevokedByYou);

    private Session CurrentSession => HttpContext.GetSession()!;

    private SessionKey CurrentKey => CurrentSession.Key;

    /// <summary>The current session first, then the others by last use.</summary>
    public IReadOnlyList<Session> Sessions { get; private set; } = [];

    public bool IsCurrent(Session session) => session.Key == CurrentKey;

    public async Task OnGetAsync()
    {
        var own = await sessions.ListAsync([CurrentKey.Account], HttpContext.RequestAborted);
        Sessions = [.. own.OrderByDescending(IsCurrent)];
    }

    public async Task<IActionResult> OnPostRevokeAsync(string id)
    {
        if (id == CurrentKey.Handle)
            return Notify("You are using this device. To sign it out, use Sign out at the top of the page.", "error");
        var reference = new SessionReference(CurrentSession.AccountId, id ?? "");
        if (!SessionKey.IsHandle(reference.Handle) || !await IsOwnAsync(reference))
        {
            if (!await denied.RecordAsync(HttpContext, "not-own-session", $", session {id}"))
                return StatusCode(StatusCodes.Status429TooManyRequests);
            // The page lists no such session, but the store may still have one. It cannot belong to another account.
            return SessionKey.IsHandle(reference.Handle)
                && await Revocations.EndUnknownAsync(reference, ByYou) is { Ended: > 0 } unlisted
                ? Notify($"The device was signed out.{RevocationNotice.Of(unlisted)}")
                : NotFound();
        }
        var revocation = await Revocations.EndSessionAsync(reference, User.Identity!.Name!, ByYou);
        Revoked(logger, User.Identity.Name, id);
        var notice = RevocationNotice.Of(revocation);
        return revocation switch
        {
            { Pending: true } => Notify($"The device will be signed out.{notice}", "info"),
            { Ended: 0 } => Notify($"The device was already signed out.{notice}", "info"),
            _ => Notify($"The device was signed out.{notice}"),
        };
    }

    public async Task<IActionResult> OnPostRevokeOthersAsync()
    {
        var revocation = await actions.SignOutEverywhereAsync(
            CurrentSession.AccountId, User.Identity!.Name!, keep: CurrentKey.Handle) ?? RevocationResult.None;
        RevokedOthers(logger, User.Identity.Name, revocation.Ended);
        var notice = RevocationNotice.Of(revocation);
        return revocation switch
        {
            { Pending: true } => Notify($"All other devices will be signed out.{notice}", "info"),
            { Ended: 0 } => Notify($"No other device was signed in.{notice}"),
            _ => Notify(RevocationNotice.OfOthers(revocation).Trim()),
        };
    }

    private RedirectResult Notify(string notice, string kind = "success") => RedirectWithNotice(PagePath, notice, kind);

    /// <summary>Whether this is a session of the account, or was one according to the audit log.</summary>
    private async Task<bool> IsOwnAsync(SessionReference reference)
    {
        var (accountId, handle) = (CurrentSession.AccountId, reference.Handle);
        var entries = database.AuditEntries.Where(e => e.SessionHandle == handle && e.AccountId == accountId);
        if (await entries.AnyAsync(e => e.By == null))
            return true;
        var own = await sessions.ListAsync([CurrentKey.Account], CancellationToken.None);
        return own.Any(session => session.Handle == handle);
    }

    [LoggerMessage(1, LogLevel.Information, "{Account} revoked another session of the account, {Session}.")]
    private static partial void Revoked(ILogger logger, string? account, string? session);

    [LoggerMessage(2, LogLevel.Information, "{Account} revoked all other sessions of the account: {Ended}.")]
    private static partial void RevokedOthers(ILogger logger, string? account, int ended);
}
