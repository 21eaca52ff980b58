using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Revocations;

/// <summary>
/// The transaction of one change of an account: the change, its audit entry and the revocation that it causes. Without
/// <see cref="CommitAsync"/>, disposing rolls the change back.
/// </summary>
internal sealed class AccountChange(
    Account account, SessionEffect effect, IDbContextTransaction transaction, AppDbContext database,
    RevocationRecorder recorder, RevocationApplier applier, AuditLog audit, TimeProvider time) : IAsyncDisposable
{
    private bool _isUpdated;

    /// <summary>The account in this transaction, as last read.</summary>
    public Account Account { get; private set; } = account;

    public bool EndsSessions => effect.EndsSessions();

    /// <summary>
    /// Changes the account. Raises its generation or claims version as the effect on sessions requires.
    /// </summary>
    /// <param name="set">Sets further properties.</param>
    /// <param name="cancellationToken">Cancels the change.</param>
    public async Task UpdateAsync(Action<UpdateSettersBuilder<Account>>? set, CancellationToken cancellationToken)
    {
        var stamp = Guid.NewGuid().ToString();
        var generation = EndsSessions ? After(Account.Generation) : Account.Generation;
        var claimsVersion = effect == SessionEffect.RefreshClaims
            ? After(Account.ClaimsVersion)
            : Account.ClaimsVersion;
        var row = database.Users.AsNoTracking().Where(a => a.Id == Account.Id);
        await row.ExecuteUpdateAsync(
            setters =>
            {
                set?.Invoke(setters);
                // A sign-in or an edit that read the account before must fail.
                setters.SetProperty(a => a.ConcurrencyStamp, stamp)
                    .SetProperty(a => a.Generation, generation)
                    .SetProperty(a => a.ClaimsVersion, claimsVersion);
            },
            cancellationToken);
        Account = await row.SingleAsync(cancellationToken);
        _isUpdated = true;
    }

    /// <summary>Commits the change with its audit entry and its revocation, then applies the revocation.</summary>
    /// <param name="event">The event of the audit entry.</param>
    /// <param name="end">The reason and the actor, also for the sessions that end.</param>
    /// <param name="details">The details of the audit entry. Default: the message to the user.</param>
    /// <param name="keepHandle">The handle of a session that does not end.</param>
    /// <param name="isOwn">Whether the user changes their own account. The audit entry then has no reason.</param>
    /// <param name="cancellationToken">Cancels the change. It does not cancel the commit or what follows.</param>
    /// <returns><see cref="RevocationResult.None"/> if the change causes no revocation.</returns>
    public async Task<RevocationResult> CommitAsync(
        string @event, SessionEnd end, string? details = null, string? keepHandle = null, bool isOwn = false,
        CancellationToken cancellationToken = default)
    {
        if (!_isUpdated)
            await UpdateAsync(null, cancellationToken);
        var entry = AccountChanges.Entry(@event, Account, end.By) with
        {
            Reason = end.Reason,
            Details = details ?? end.Message,
        };
        await audit.WriteAsync(isOwn ? entry with { Reason = null } : entry);
        var recorded = RequestFor(end, keepHandle) is { } request
            ? await recorder.RecordAsync(request, cancellationToken)
            : null;
        await transaction.CommitAsync(CancellationToken.None);
        return recorded is null
            ? RevocationResult.None
            : await applier.ApplyAndAuditAsync(recorded, EndsSessions ? entry : null);
    }

    public ValueTask DisposeAsync() => transaction.DisposeAsync();

    private RevocationRequest? RequestFor(SessionEnd end, string? keepHandle)
    {
        var tag = AccountTag.For(Account.Id);
        if (effect == SessionEffect.RefreshClaims)
            return new() { Account = tag, ClaimsVersion = Account.ClaimsVersion, End = end };
        return !EndsSessions ? null : new()
        {
            Account = tag,
            Generation = Account.Generation,
            KeptAccount = keepHandle is null ? null : tag,
            KeptHandle = keepHandle,
            End = end with { SignInAgain = effect == SessionEffect.ReAuthenticate },
        };
    }

    // At least the current time: the accounts database may be restored from a backup, and the next number must still be
    // higher than the one in the session store.
    private long After(long number) => Math.Max(number + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
}
