using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.EmbeddedStore;

/// <summary>
/// Ends sessions in the database and raises generations and claims versions. Each operation is one transaction.
/// </summary>
internal sealed class DatabaseSessionRevoker(SessionDatabase sessions, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<RevocationResult> InvalidateClaimsAsync(
        AccountTag account, long claimsVersion, CancellationToken cancellationToken) =>
        sessions.TransactAsync(
            database => InvalidateClaimsAsync(database, account.Value, claimsVersion, cancellationToken),
            cancellationToken);

    public Task<RevocationResult> EndAsync(
        AccountTag account, string handle, SessionEnd end, CancellationToken cancellationToken) =>
        sessions.WriteAsync(
            database => EndAsync(database, account.Value, handle, end, cancellationToken), cancellationToken);

    public Task<RevocationResult> EndAccountAsync(
        AccountTag account, SessionEnd end, string? keep, long? generation, CancellationToken cancellationToken) =>
        sessions.TransactAsync(
            database => EndAccountAsync(database, account.Value, end, keep, generation, cancellationToken),
            cancellationToken);

    public Task<RevocationResult> EndAllAsync(SessionEnd end, SessionKey? keep, CancellationToken cancellationToken) =>
        sessions.WriteAsync(
            database => EndAllAsync(database, end, keep?.Account.Value, keep?.Handle, null, cancellationToken),
            cancellationToken);

    /// <summary>
    /// Applies a revocation, and acknowledges it in the journal in the same transaction, so that it is applied once.
    /// </summary>
    public Task<RevocationResult> RevokeAsync(RevocationRequest revocation, CancellationToken cancellationToken) =>
        sessions.TransactAsync(database => ApplyAsync(database, revocation, cancellationToken), cancellationToken);

    /// <summary>Ends these sessions: part of the caller's transaction.</summary>
    /// <returns>How many ended.</returns>
    public static Task<int> EndAsync(
        IQueryable<StoredSession> sessions, SessionEnd end, long now, CancellationToken cancellationToken) =>
        sessions.ExecuteUpdateAsync(
            set => set
                .SetProperty(s => s.EndReason, end.Reason)
                .SetProperty(s => s.EndedBy, end.By)
                .SetProperty(s => s.EndMessage, end.Message)
                .SetProperty(s => s.SignInAgain, end.SignInAgain)
                .SetProperty(s => s.EndsAt, now)
                .SetProperty(s => s.Ticket, Array.Empty<byte>()),
            cancellationToken);

    private async Task<RevocationResult> ApplyAsync(
        AppDbContext database, RevocationRequest revocation, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var row = database.RevocationJournal.Where(r => r.Id == revocation.Id);
        var pending = row.Where(r => r.AcknowledgedAt == null);
        if (await pending.ExecuteUpdateAsync(set => set.SetProperty(r => r.AcknowledgedAt, now), cancellationToken) == 0
            && await row.AnyAsync(cancellationToken))
        {
            return RevocationResult.None;
        }

        var (end, keep) = (revocation.End, revocation.KeptHandle);
        return revocation switch
        {
            { Account: null } => await EndAllAsync(
                database, end, revocation.KeptAccount?.Value, keep, revocation.Generation, cancellationToken),
            { Account: { } account, ClaimsVersion: { } version } => await InvalidateClaimsAsync(
                database, account.Value, version, cancellationToken),
            { Account: { } account, Handle: { } handle } => await EndAsync(
                database, account.Value, handle, end, cancellationToken),
            { Account: { } account } => await EndAccountAsync(
                database, account.Value, end, keep, revocation.Generation, cancellationToken),
        };
    }

    private static async Task<RevocationResult> InvalidateClaimsAsync(
        AppDbContext database, string tag, long claimsVersion, CancellationToken cancellationToken)
    {
        await database.RaiseClaimsVersionAsync(tag, claimsVersion, cancellationToken);
        return RevocationResult.None;
    }

    private async Task<RevocationResult> EndAsync(
        AppDbContext database, string tag, string handle, SessionEnd end, CancellationToken cancellationToken)
    {
        var now = Now;
        var session = database.Sessions.Where(StoredSession.LiveAt(now))
            .Where(s => s.AccountTag == tag && s.Hash.Substring(0, SessionKey.HandleLength) == handle);
        return RevocationResult.Immediate(await EndAsync(session, end, now, cancellationToken));
    }

    private async Task<RevocationResult> EndAccountAsync(
        AppDbContext database, string tag, SessionEnd end, string? keep, long? generation,
        CancellationToken cancellationToken)
    {
        var raised = generation ?? 1 + await database.GenerationAsync(tag, cancellationToken);
        await database.RaiseGenerationAsync(tag, raised, cancellationToken);
        var now = Now;
        var older = database.Sessions.Where(StoredSession.LiveAt(now))
            .Where(s => s.AccountTag == tag && s.Generation < raised);
        var ended = await EndAsync(
            keep is null ? older : older.Where(s => s.Hash.Substring(0, SessionKey.HandleLength) != keep),
            end, now, cancellationToken);
        // Only the kept session is still live: it continues in the new generation.
        await older.ExecuteUpdateAsync(set => set.SetProperty(s => s.Generation, raised), cancellationToken);
        return RevocationResult.Immediate(ended);
    }

    private async Task<RevocationResult> EndAllAsync(
        AppDbContext database, SessionEnd end, string? keepTag, string? keepHandle, long? epoch,
        CancellationToken cancellationToken)
    {
        var now = Now;
        var older = database.Sessions.Where(StoredSession.LiveAt(now)).Where(s => epoch == null || s.Epoch < epoch);
        if (keepHandle is not null)
        {
            older = older.Where(
                s => s.AccountTag != keepTag || s.Hash.Substring(0, SessionKey.HandleLength) != keepHandle);
        }

        return RevocationResult.Immediate(await EndAsync(older, end, now, cancellationToken));
    }
}
