using Microsoft.AspNetCore.Mvc;
using SessionWeb.Administration;
using SessionWeb.Revocations;
using SessionWeb.Security;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Admin;

/// <summary>Lists the sessions of all accounts. Revokes one, the selected ones, those of an account, or all.</summary>
internal sealed partial class SessionsModel(
    SessionSearch search, AccountActions actions, SessionRevoker revoker, ILogger<SessionsModel> logger) : NoticePage
{
    private const int PageSize = 50;

    // The query string uses short names without a prefix.
    [BindProperty(SupportsGet = true, Name = "")]
    public SessionsQuery Query { get; set; } = new();

    /// <summary>The message to the users whose sessions end.</summary>
    [BindProperty(Name = "message")]
    public string? Message { get; set; }

    /// <summary>The selected sessions, each as <c>account:handle</c>.</summary>
    [BindProperty(Name = "ids")]
    public string[] Ids { get; set; } = [];

    public SessionSearchPage Results { get; private set; } = new([], false, 0, false);

    /// <summary>Why the message was rejected, or null.</summary>
    public string? MessageError { get; private set; }

    /// <summary>Whether the message comes from the form that revokes all sessions.</summary>
    public bool IsMessageToEveryone { get; private set; }

    private SessionKey Current => HttpContext.GetSession()!.Key;

    private bool IsMessageTooLong => CleanMessage?.Length > SessionEnd.MaxMessageLength;

    private string? CleanMessage =>
        string.IsNullOrWhiteSpace(Message) ? null : VisibleText.CleanMessage(Message.Trim());

    private SessionEnd RevokedByAdmin => new(SessionEndReasons.RevokedByAdmin, User.Identity!.Name, CleanMessage);

    public bool IsCurrent(Session session) => session.Key == Current;

    public bool IsOwn(Session session) => session.Key.Account == Current.Account;

    public static string IdOf(Session session) => $"{session.AccountId}:{session.Handle}";

    public Task OnGetAsync() => SearchAsync();

    public async Task<IActionResult> OnPostRevokeAsync(string account, string id)
    {
        if (string.IsNullOrEmpty(account) || string.IsNullOrEmpty(id))
            return NotFound();
        if (IsMessageTooLong)
            return await RejectMessageAsync();
        if (AccountTag.For(account) == Current.Account && id == Current.Handle)
            return RedirectWithNotice(Query.Url, "This is your current session. To end it, sign out.", "error");
        var ended = await revoker.EndSessionsAsync([new(account, id)], RevokedByAdmin, CancellationToken.None);
        if (ended.Count == 0)
            return NotFound();
        var revocation = ended.Values.Single();
        Revoked(logger, User.Identity!.Name, id, account);
        return RedirectWithNotice(
            Query.Url, AdminRevocationText.OfOne(revocation), AdminRevocationText.Kind(revocation));
    }

    public async Task<IActionResult> OnPostRevokeSelectedAsync()
    {
        if (IsMessageTooLong)
            return await RejectMessageAsync();
        var selected = Ids.Where(id => !string.IsNullOrWhiteSpace(id)).ToHashSet();
        if (selected.Count == 0)
        {
            return RedirectWithNotice(
                Query.Url, "No sessions were revoked. Select at least one session, then try again.", "error");
        }

        var references = selected.Select(id => id.Split(':')).Where(parts => parts.Length == 2)
            .Select(parts => new SessionReference(parts[0], parts[1])).ToList();
        var current = new SessionReference(HttpContext.GetSession()!.AccountId, Current.Handle);
        var ended = await revoker.EndSessionsAsync(
            [.. references.Where(session => session != current)], RevokedByAdmin, CancellationToken.None);
        foreach (var session in ended.Keys)
            Revoked(logger, User.Identity!.Name, session.Handle, session.AccountId);

        var (text, kind) = AdminRevocationText.OfSelected(
            [.. ended.Values], selected.Count, references.Contains(current));
        return RedirectWithNotice(Query.Url, text, kind);
    }

    public async Task<IActionResult> OnPostRevokeAccountAsync(string account)
    {
        if (string.IsNullOrEmpty(account))
            return NotFound();
        if (IsMessageTooLong)
            return await RejectMessageAsync();
        var isOwn = AccountTag.For(account) == Current.Account;
        var keep = isOwn ? Current.Handle : null;
        var result = await actions.SignOutEverywhereAsync(account, User.Identity!.Name!, CleanMessage, keep);
        if (result is not { } revocation)
            return NotFound();
        RevokedAccount(logger, User.Identity!.Name, account, revocation.Ended);
        return RedirectWithNotice(Query.Url, AdminRevocationText.OfAll(revocation, keptCurrent: isOwn));
    }

    public async Task<IActionResult> OnPostRevokeEveryoneAsync(bool sure)
    {
        if (IsMessageTooLong)
            return await RejectMessageAsync(toEveryone: true);
        if (!sure)
        {
            return RedirectWithNotice(
                Query.Url, "No sessions were revoked. Select the checkbox to confirm, then try again.", "error");
        }

        var revocation = await revoker.EndAllAsync(RevokedByAdmin, Current);
        RevokedEveryone(logger, User.Identity!.Name, revocation.Ended);
        return RedirectWithNotice(Query.Url, AdminRevocationText.OfAll(revocation, keptCurrent: true));
    }

    /// <summary>Shows the same page with the entered message and the selected sessions.</summary>
    private async Task<IActionResult> RejectMessageAsync(bool toEveryone = false)
    {
        IsMessageToEveryone = toEveryone;
        MessageError = $"A message can have at most {SessionEnd.MaxMessageLength} characters, but this one has "
            + $"{CleanMessage!.Length}. No sessions were revoked.";
        Response.StatusCode = StatusCodes.Status400BadRequest;
        await SearchAsync();
        return Page();
    }

    private async Task SearchAsync() =>
        Results = await search.FindAsync(
            Query.Filter, (Query.PageNumber - 1) * PageSize, PageSize, HttpContext.RequestAborted);

    [LoggerMessage(1, LogLevel.Information, "{Admin} revoked session {Session} of account {Account}.")]
    private static partial void Revoked(ILogger logger, string? admin, string session, string account);

    [LoggerMessage(2, LogLevel.Information, "{Admin} revoked all sessions of account {Account}: {Ended}.")]
    private static partial void RevokedAccount(ILogger logger, string? admin, string account, int ended);

    [LoggerMessage(3, LogLevel.Warning, "{Admin} revoked the sessions of all accounts: {Ended}.")]
    private static partial void RevokedEveryone(ILogger logger, string? admin, int ended);
}
