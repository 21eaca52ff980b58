using Microsoft.AspNetCore.Mvc;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

internal sealed partial class SessionsModel(ISessionStore sessions, Revocations revocations, DeniedRequests denied, ILogger<SessionsModel> logger) : NoticePage
{
    private const string Here = "/account/sessions";

    private static readonly SessionEnding ByYou = new(EndReasons.RevokedByYou);

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
        var session = (await sessions.ListAsync([Current.Account], CancellationToken.None)).FirstOrDefault(s => s.Handle == id);
        if (session is null)
        {
            return await denied.RecordAsync(HttpContext, "not-own-session", $", session {id}")
                ? NotFound()
                : StatusCode(StatusCodes.Status429TooManyRequests);
        }
        var ended = await revocations.EndSessionAsync(session with { AccountName = User.Identity!.Name! }, ByYou);
        Revoked(logger, User.Identity.Name, id);
        return Done(Here, $"The device was signed out.{Confirmation.Of(ended)}");
    }

    public async Task<IActionResult> OnPostRevokeOthersAsync()
    {
        var ended = await revocations.EndOthersAsync(Mine.AccountId, User.Identity!.Name!, ByYou, Current.Handle);
        RevokedOthers(logger, User.Identity.Name, ended.Ended);
        return Done(Here, ended is { Pending: false, Ended: 0 } ? "There was no other device to sign out." : Confirmation.OfOthers(ended).Trim());
    }

    [LoggerMessage(1, LogLevel.Information, "{Account} revoked an own session, {Session}.")]
    private static partial void Revoked(ILogger logger, string? account, string? session);

    [LoggerMessage(2, LogLevel.Information, "{Account} revoked all other own sessions: {Ended}.")]
    private static partial void RevokedOthers(ILogger logger, string? account, int ended);
}
