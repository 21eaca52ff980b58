using Microsoft.EntityFrameworkCore;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.SelfService;

/// <summary>Lists and ends the sessions of the user's own account.</summary>
internal sealed class OwnSessions(
    AppDbContext database, ISessionStore sessions, AccountChanges changes, SessionRevoker revoker)
{
    private static readonly SessionEnd RevokedByYou = new(SessionEndReasons.RevokedByYou);

    public Task<IReadOnlyList<Session>> ListAsync(AccountTag account, CancellationToken cancellationToken) =>
        sessions.ListAsync([account], cancellationToken);

    /// <summary>Whether this is a live session of the account, or was one according to the audit log.</summary>
    public async Task<bool> IsOwnAsync(SessionReference session) =>
        await database.AuditEntries.AnyAsync(
            e => e.SessionHandle == session.Handle && e.AccountId == session.AccountId && e.By == null)
        || (await sessions.ListAsync([AccountTag.For(session.AccountId)], CancellationToken.None))
            .Any(own => own.Handle == session.Handle);

    /// <summary>Ends one of the account's sessions.</summary>
    public Task<RevocationResult> EndAsync(SessionReference session, string accountName) =>
        revoker.EndSessionAsync(session, accountName, RevokedByYou);

    /// <inheritdoc cref="SessionRevoker.EndUnlistedAsync"/>
    public Task<RevocationResult> EndUnlistedAsync(SessionReference session) =>
        revoker.EndUnlistedAsync(session, RevokedByYou);

    /// <summary>Ends all sessions of the account except the current one.</summary>
    public async Task<RevocationResult> EndOthersAsync(Session current)
    {
        await using var change = await changes.BeginAsync(current.AccountId, SessionEffect.Revoke);
        return change is null
            ? RevocationResult.None
            : await change.CommitAsync(AuditEvents.SessionsRevoked, RevokedByYou, keepHandle: current.Handle);
    }
}
