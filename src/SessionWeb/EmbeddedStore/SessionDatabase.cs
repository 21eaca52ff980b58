using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.EmbeddedStore;

/// <summary>
/// Runs operations on the sessions in the accounts database. Each operation has its own database context.
/// </summary>
/// <remarks>
/// Writers of this process queue here without blocking a thread. SQLite itself lets waiting writers retry at random
/// times.
/// </remarks>
internal sealed class SessionDatabase(IDbContextFactory<AppDbContext> databases) : IDisposable
{
    private readonly SemaphoreSlim _writer = new(1, 1);

    /// <exception cref="SessionStoreUnavailableException">The database failed.</exception>
    public async Task<T> ReadAsync<T>(Func<AppDbContext, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var database = await databases.CreateDbContextAsync(cancellationToken);
            return await read(database);
        }
        catch (Exception e) when (e is DbException or DbUpdateException or TimeoutException)
        {
            throw new SessionStoreUnavailableException("The database of the sessions is unavailable.", e);
        }
    }

    /// <summary>Runs a single statement that writes.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<T> WriteAsync<T>(Func<AppDbContext, Task<T>> write, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            return await ReadAsync(write, cancellationToken);
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>Runs several statements as one transaction.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public Task<T> TransactAsync<T>(Func<AppDbContext, Task<T>> write, CancellationToken cancellationToken) =>
        WriteAsync(async database =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync(
                IsolationLevel.Serializable, cancellationToken);
            var result = await write(database);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }, cancellationToken);

    public void Dispose() => _writer.Dispose();
}
