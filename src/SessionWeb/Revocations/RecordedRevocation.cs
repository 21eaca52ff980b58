using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Revocations;

/// <summary>
/// A revocation in the journal, inserted by the transaction that made the change. After the commit, the revocation
/// takes effect even if this process stops: another process applies it.
/// </summary>
internal sealed class RecordedRevocation
{
    private RecordedRevocation(RevocationRequest request) => Request = request;

    public RevocationRequest Request { get; }

    /// <exception cref="InvalidOperationException">The database has no current transaction.</exception>
    public static async Task<RecordedRevocation> InsertAsync(
        AppDbContext database, RevocationRequest request, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (database.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException(
                "A revocation must be recorded in the transaction of its change, but there is no transaction.");
        }

        var recorded = await StoredRevocation.WithEpochAsync(
            request, database.RevocationJournal, at, cancellationToken);
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
