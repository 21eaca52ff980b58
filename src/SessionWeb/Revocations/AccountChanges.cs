using System.Data;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Audit;
using SessionWeb.Data;

namespace SessionWeb.Revocations;

/// <summary>
/// Changes accounts together with their sessions. The change, its audit entry and the revocation that it causes are one
/// transaction. The revocation is applied after the commit. If this process stops in between, another one applies it.
/// </summary>
internal sealed partial class AccountChanges(
    AppDbContext database, RevocationRecorder recorder, RevocationApplier applier, AuditLog audit, TimeProvider time,
    ILogger<AccountChanges> logger)
{
    public IQueryable<Account> Of(string accountId) => database.Users.AsNoTracking().Where(a => a.Id == accountId);

    /// <summary>Begins the transaction of a change.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="effect">What the change does to the account's sessions.</param>
    /// <param name="requiredGeneration">The generation that the account must still have. Null for any.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Null if there is no such account, or if it has another generation.</returns>
    public async Task<AccountChange?> BeginAsync(
        string accountId, SessionEffect effect, long? requiredGeneration = null,
        CancellationToken cancellationToken = default)
    {
        // Serializable: on SQLite the transaction takes the write lock when it begins, so it cannot fail when it
        // writes.
        var transaction = await database.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
        try
        {
            if (await Of(accountId).SingleOrDefaultAsync(cancellationToken) is { } account
                && (requiredGeneration is null || account.Generation == requiredGeneration))
            {
                return new(account, effect, transaction, database, recorder, applier, audit, time);
            }
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
        await transaction.DisposeAsync();
        return null;
    }

    /// <summary>
    /// Raises the account's generation to that of the session store, which refused a sign-in because its own is higher.
    /// The accounts database is then older than the store: it was restored from a backup.
    /// </summary>
    /// <param name="account">The account as the sign-in read it.</param>
    /// <param name="generation">The generation in the store.</param>
    /// <returns>False if the account has changed since, or is disabled: the refusal stands.</returns>
    public async Task<bool> RaiseGenerationAsync(Account account, long generation)
    {
        if (generation <= account.Generation)
            return false;
        var now = time.GetUtcNow();
        var isRaised = await database.Users
            .Where(a => a.Id == account.Id && a.Generation == account.Generation
                && (a.DisabledAt == null || a.DisabledUntil <= now))
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Generation, generation)) == 1;
        if (isRaised)
            GenerationRaised(logger, account.UserName, account.Generation, generation);
        return isRaised;
    }

    public static AuditEntry Entry(string @event, Account account, string? by) =>
        new() { Event = @event, AccountId = account.Id, AccountName = account.UserName, By = by };

    [LoggerMessage(1, LogLevel.Warning,
        "The accounts database is older than the session store: "
        + "the generation of {Account} was raised from {Before} to {Generation}.")]
    private static partial void GenerationRaised(ILogger logger, string? account, long before, long generation);
}
