using Microsoft.AspNetCore.Mvc;
using SessionWeb.Audit;
using SessionWeb.Revocations;
using SessionWeb.SelfService;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>Lists the sessions of the user's account, which the page calls devices, and revokes them.</summary>
internal sealed partial class SessionsModel(
    OwnSessions ownSessions,
    AccountChanges changes,
    SessionRevoker revoker,
    DeniedRequestRecorder denied,
    ILogger<SessionsModel> logger)
    : OwnAccountPage(changes, revoker)
{
    private const string PagePath = "/account/sessions";

    private Session CurrentSession => HttpContext.GetSession()!;

    private SessionKey CurrentKey => CurrentSession.Key;

    /// <summary>The current session first, then the others by last use.</summary>
    public IReadOnlyList<Session> Sessions { get; private set; } = [];

    public bool IsCurrent(Session session) => session.Key == CurrentKey;

    public async Task OnGetAsync()
    {
        var own = await ownSessions.ListAsync(CurrentKey.Account, HttpContext.RequestAborted);
        Sessions = [.. own.OrderByDescending(IsCurrent)];
    }

    public async Task<IActionResult> OnPostRevokeAsync(string id)
    {
        if (id == CurrentKey.Handle)
            return Notify("You are using this device. To sign it out, use Sign out at the top of the page.", "error");
        var reference = new SessionReference(CurrentSession.AccountId, id ?? "");
        if (!SessionKey.IsHandle(reference.Handle) || !await ownSessions.IsOwnAsync(reference))
        {
            if (!await denied.RecordAsync(HttpContext, "not-own-session", $", session {id}"))
                return StatusCode(StatusCodes.Status429TooManyRequests);
            // The page lists no such session, but the store may still have one. It cannot belong to another account.
            return SessionKey.IsHandle(reference.Handle)
                && await ownSessions.EndUnlistedAsync(reference) is { Ended: > 0 } unlisted
                ? Notify($"The device was signed out.{RevocationText.Appended(unlisted)}")
                : NotFound();
        }
        var revocation = await ownSessions.EndAsync(reference, User.Identity!.Name!);
        Revoked(logger, User.Identity.Name, id);
        var notice = RevocationText.Appended(revocation);
        return revocation switch
        {
            { Pending: true } => Notify($"The device will be signed out.{notice}", "info"),
            { Ended: 0 } => Notify($"The device was already signed out.{notice}", "info"),
            _ => Notify($"The device was signed out.{notice}"),
        };
    }

    public async Task<IActionResult> OnPostRevokeOthersAsync()
    {
        var revocation = await ownSessions.EndOthersAsync(CurrentSession);
        RevokedOthers(logger, User.Identity!.Name, revocation.Ended);
        var notice = RevocationText.Appended(revocation);
        return revocation switch
        {
            { Pending: true } => Notify($"All other devices will be signed out.{notice}", "info"),
            { Ended: 0 } => Notify($"No other device was signed in.{notice}"),
            _ => Notify(OwnRevocationText.OfOtherDevices(revocation).Trim()),
        };
    }

    private RedirectResult Notify(string notice, string kind = "success") => RedirectWithNotice(PagePath, notice, kind);

    [LoggerMessage(1, LogLevel.Information, "{Account} revoked another session of the account, {Session}.")]
    private static partial void Revoked(ILogger logger, string? account, string? session);

    [LoggerMessage(2, LogLevel.Information, "{Account} revoked all other sessions of the account: {Ended}.")]
    private static partial void RevokedOthers(ILogger logger, string? account, int ended);
}
