using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

internal sealed partial class SessionsModel(
    ISessionStore sessions, AppDbContext database, AccountActions actions, AccountChanges changes, Revocations revocations, DeniedRequestRecorder denied,
    ILogger<SessionsModel> logger)
    : OwnAccountPage(changes, revocations)
{
    private const string Here = "/account/sessions";

    private static readonly SessionEnd ByYou = new(SessionEndReasons.RevokedByYou);

    private Session Mine => HttpContext.GetSession()!;

    private SessionKey Current => Mine.Key;

    /// <summary>This device first, the others by last use.</summary>
    public IReadOnlyList<Session> Sessions { get; private set; } = [];

    public bool IsCurrent(Session session) => session.Key == Current;

    public async Task OnGetAsync() =>
        Sessions = [.. (await sessions.ListAsync([Current.Account], HttpContext.RequestAborted)).OrderByDescending(IsCurrent)];

    public async Task<IActionResult> OnPostRevokeAsync(string id)
    {
        if (id == Current.Handle)
            return Done(Here, "This is the device that you are using. To leave it, sign out.", "error");
        var named = new SessionReference(Mine.AccountId, id ?? "");
        if (!SessionKey.IsHandle(named.Handle) || !await IsOwnAsync(named))
        {
            if (!await denied.RecordAsync(HttpContext, "not-own-session", $", session {id}"))
                return StatusCode(StatusCodes.Status429TooManyRequests);
            // The page knows no such session of this account. If there is one all the same, it ends; no other account has it.
            return SessionKey.IsHandle(named.Handle) && await Revocations.EndUnknownAsync(named, ByYou) is { Ended: > 0 } unknown
                ? Done(Here, $"The device was signed out.{RevocationNotice.Of(unknown)}")
                : NotFound();
        }
        var ended = await Revocations.EndSessionAsync(named, User.Identity!.Name!, ByYou);
        Revoked(logger, User.Identity.Name, id);
        return ended switch
        {
            { Pending: true } => Done(Here, $"The device will be signed out.{RevocationNotice.Of(ended)}", "info"),
            { Ended: 0 } => Done(Here, $"That session had already ended.{RevocationNotice.Of(ended)}", "info"),
            _ => Done(Here, $"The device was signed out.{RevocationNotice.Of(ended)}"),
        };
    }

    public async Task<IActionResult> OnPostRevokeOthersAsync()
    {
        var ended = await actions.SignOutEverywhereAsync(Mine.AccountId, User.Identity!.Name!, keep: Current.Handle) ?? RevocationResult.None;
        RevokedOthers(logger, User.Identity.Name, ended.Ended);
        return ended switch
        {
            { Pending: true } => Done(Here, $"All other devices will be signed out.{RevocationNotice.Of(ended)}", "info"),
            { Ended: 0 } => Done(Here, $"There was no other device to sign out.{RevocationNotice.Of(ended)}"),
            _ => Done(Here, RevocationNotice.OfOthers(ended).Trim()),
        };
    }

    /// <summary>Whether this is a live session of the account, or the audit log says that it was one.</summary>
    private async Task<bool> IsOwnAsync(SessionReference named) =>
        await database.AuditEntries.AnyAsync(e => e.SessionHandle == named.Handle && e.AccountId == named.AccountId && e.By == null)
        || (await sessions.ListAsync([Current.Account], CancellationToken.None)).Any(session => session.Handle == named.Handle);

    [LoggerMessage(1, LogLevel.Information, "{Account} revoked an own session, {Session}.")]
    private static partial void Revoked(ILogger logger, string? account, string? session);

    [LoggerMessage(2, LogLevel.Information, "{Account} revoked all other own sessions: {Ended}.")]
    private static partial void RevokedOthers(ILogger logger, string? account, int ended);
}
