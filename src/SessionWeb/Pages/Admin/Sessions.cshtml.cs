using Microsoft.AspNetCore.Mvc;
using SessionWeb.Administration;
using SessionWeb.Security;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Admin;

/// <summary>Who is online, and ending it: one session, those chosen, an account's, everyone's.</summary>
internal sealed partial class SessionsModel(
    SessionSearch onlineSessions, AccountActions actions, Revocations revocations, ILogger<SessionsModel> logger) : NoticePage
{
    private const int PageSize = 50;

    // Without a prefix: the address has short names.
    [BindProperty(SupportsGet = true, Name = "")]
    public SessionsQuery Asked { get; set; } = new();

    /// <summary>What people are told whose sessions end.</summary>
    [BindProperty(Name = "message")]
    public string? Message { get; set; }

    /// <summary>The sessions that are chosen, each as account and public handle: <c>account:handle</c>.</summary>
    [BindProperty(Name = "ids")]
    public string[] Ids { get; set; } = [];

    public SessionSearchPage Online { get; private set; } = new([], false, 0, false);

    /// <summary>What is wrong with the message; null where nothing is.</summary>
    public string? MessageError { get; private set; }

    /// <summary>Whether the message is of the form that means everyone.</summary>
    public bool MeantEveryone { get; private set; }

    private string Here => Asked.Here;

    private SessionKey Current => HttpContext.GetSession()!.Key;

    private bool MessageIsTooLong => MessageOrNone?.Length > SessionEnd.MaxMessageLength;

    private string? MessageOrNone => string.IsNullOrWhiteSpace(Message) ? null : VisibleText.CleanMessage(Message.Trim());

    private SessionEnd ByAdmin => new(SessionEndReasons.RevokedByAdmin, User.Identity!.Name, MessageOrNone);

    public bool IsCurrent(Session session) => session.Key == Current;

    public static string IdOf(Session session) => $"{session.AccountId}:{session.Handle}";

    public Task OnGetAsync() => ListAsync();

    public async Task<IActionResult> OnPostRevokeAsync(string account, string id)
    {
        if (string.IsNullOrEmpty(account) || string.IsNullOrEmpty(id))
            return NotFound();
        if (MessageIsTooLong)
            return await RefuseAsync();
        if (AccountTag.For(account) == Current.Account && id == Current.Handle)
            return Done(Here, "This is your own session. To end it, sign out.", "error");
        var ended = await revocations.EndSessionsAsync([new(account, id)], ByAdmin, CancellationToken.None);
        if (ended.Count == 0)
            return NotFound();
        var revocation = ended.Values.Single();
        Revoked(logger, User.Identity!.Name, id, account);
        return Done(Here, EndedTexts.Of(revocation), revocation is { Pending: false, Ended: > 0 } ? "success" : "info");
    }

    public async Task<IActionResult> OnPostRevokeSelectedAsync()
    {
        if (MessageIsTooLong)
            return await RefuseAsync();
        var chosen = Ids.Where(id => !string.IsNullOrWhiteSpace(id)).ToHashSet();
        if (chosen.Count == 0)
            return Done(Here, "Nothing was ended: choose sessions first.", "error");
        var named = chosen.Select(id => id.Split(':')).Where(parts => parts.Length == 2).Select(parts => new SessionReference(parts[0], parts[1]));
        var own = new SessionReference(HttpContext.GetSession()!.AccountId, Current.Handle);
        var kept = named.Contains(own);
        var ended = await revocations.EndSessionsAsync([.. named.Where(session => session != own)], ByAdmin, CancellationToken.None);
        foreach (var session in ended.Keys)
            Revoked(logger, User.Identity!.Name, session.Handle, session.AccountId);

        var (count, pending) = (ended.Values.Sum(revocation => revocation.Ended), ended.Values.Count(revocation => revocation.Pending));
        var gone = chosen.Count - count - pending - (kept ? 1 : 0);
        var slowest = ended.Values.OrderByDescending(revocation => (revocation.Pending, revocation.Elapsed)).FirstOrDefault();
        return Done(
            Here,
            (count > 0 || pending == 0 ? $"{RevocationNotice.Sessions(count)} ended." : "")
                + (gone > 0 ? $" {RevocationNotice.Sessions(gone)} had already ended." : "")
                + (pending > 0 ? $" {RevocationNotice.Sessions(pending)} will end." : "")
                + (kept ? " Yours here stays." : "") + RevocationNotice.Of(slowest),
            count > 0 && pending == 0 ? "success" : "info");
    }

    public async Task<IActionResult> OnPostRevokeAccountAsync(string account)
    {
        if (string.IsNullOrEmpty(account))
            return NotFound();
        if (MessageIsTooLong)
            return await RefuseAsync();
        var own = AccountTag.For(account) == Current.Account;
        if (await actions.SignOutEverywhereAsync(account, User.Identity!.Name!, MessageOrNone, own ? Current.Handle : null) is not { } ended)
            return NotFound();
        RevokedAccount(logger, User.Identity!.Name, account, ended.Ended);
        return Done(Here, EndedTexts.OfAll(ended, " of the account", own));
    }

    public async Task<IActionResult> OnPostRevokeEveryoneAsync(bool sure)
    {
        if (MessageIsTooLong)
            return await RefuseAsync(everyone: true);
        if (!sure)
            return Done(Here, "Nobody was signed out: tick the box to say that you mean everyone.", "error");
        var ended = await revocations.EndEveryoneAsync(ByAdmin, Current);
        RevokedEveryone(logger, User.Identity!.Name, ended.Ended);
        return Done(Here, EndedTexts.OfAll(ended, "", butYours: true));
    }

    /// <summary>The same page again, with what was typed and chosen.</summary>
    private async Task<IActionResult> RefuseAsync(bool everyone = false)
    {
        MeantEveryone = everyone;
        MessageError = $"A message has at most {SessionEnd.MaxMessageLength} characters; this one has {MessageOrNone!.Length}. Nothing was ended.";
        Response.StatusCode = StatusCodes.Status400BadRequest;
        await ListAsync();
        return Page();
    }

    private async Task ListAsync() =>
        Online = await onlineSessions.FindAsync(Asked.Filter, (Asked.PageNumber - 1) * PageSize, PageSize, HttpContext.RequestAborted);

    [LoggerMessage(1, LogLevel.Information, "{Admin} revoked session {Session} of account {Account}.")]
    private static partial void Revoked(ILogger logger, string? admin, string session, string account);

    [LoggerMessage(2, LogLevel.Information, "{Admin} revoked all sessions of account {Account}: {Ended}.")]
    private static partial void RevokedAccount(ILogger logger, string? admin, string account, int ended);

    [LoggerMessage(3, LogLevel.Warning, "{Admin} revoked the sessions of everyone: {Ended}.")]
    private static partial void RevokedEveryone(ILogger logger, string? admin, int ended);
}
