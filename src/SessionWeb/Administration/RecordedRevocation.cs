using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;
using SessionWeb.SessionStorage;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>
/// A revocation in the journal, inserted by the transaction that changed the account. Once that transaction commits, the revocation takes
/// effect even if this process stops: another one applies it.
/// </summary>
internal sealed class RecordedRevocation
{
    private RecordedRevocation(RevocationRequest intent) => Intent = intent;

    public RevocationRequest Intent { get; }

    /// <exception cref="InvalidOperationException">The database has no current transaction.</exception>
    public static async Task<RecordedRevocation> InsertAsync(
        AppDbContext database, RevocationRequest intent, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (database.Database.CurrentTransaction is null)
            throw new InvalidOperationException("A revocation is recorded in the transaction of the change that causes it, but there is no transaction.");
        var recorded = await StoredRevocation.WithEpochAsync(intent, database.RevocationIntents, at, cancellationToken);
        var row = database.Add(StoredRevocation.Of(recorded, at));
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        finally
        {
            row.State = EntityState.Detached;
        }
        return new(recorded);
    }
}

/// <summary>Records revocations in the current transaction of <see cref="AppDbContext"/>.</summary>
internal sealed class RevocationRecorder(AppDbContext database, TimeProvider time)
{
    /// <exception cref="ArgumentException">A handle is malformed.</exception>
    /// <inheritdoc cref="RecordedRevocation.InsertAsync"/>
    public Task<RecordedRevocation> RecordAsync(RevocationRequest intent, CancellationToken cancellationToken)
    {
        foreach (var handle in new[] { intent.Handle, intent.KeptHandle })
            if (handle is not null && !SessionKey.IsHandle(handle))
                throw new ArgumentException($"'{handle}' is not a session handle.", nameof(intent));
        return RecordedRevocation.InsertAsync(database, intent, time.GetUtcNow(), cancellationToken);
    }
}
