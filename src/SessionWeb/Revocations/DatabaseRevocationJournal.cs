using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Revocations;

/// <summary>
/// The revocation journal in the accounts database. Acknowledged revocations remain as long as a session that they
/// ended could be valid, so that they can be applied again to a session store that lost its newest data.
/// </summary>
internal sealed class DatabaseRevocationJournal(
    IDbContextFactory<AppDbContext> databases, IOptions<SessionsOptions> options, TimeProvider time)
    : IRevocationJournal
{
    private static readonly TimeSpan PurgeInterval = TimeSpan.FromHours(1);

    private long _nextPurge;

    private TimeSpan Retention => TimeSpan.FromDays(Math.Max(30, options.Value.LongestLifetime.TotalDays) + 1);

    public async Task<RevocationRequest> AddAsync(RevocationRequest request, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(
            IsolationLevel.Serializable, cancellationToken);
        await database.RevocationJournal.Where(r => r.Id == request.Id).ExecuteDeleteAsync(cancellationToken);
        var now = time.GetUtcNow();
        var recorded = await StoredRevocation.WithEpochAsync(
            request, database.RevocationJournal, now, cancellationToken);
        database.Add(StoredRevocation.Of(recorded, now));
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return recorded;
    }

    public async Task MarkAcknowledgedAsync(RevocationRequest request, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        await database.RevocationJournal.Where(r => r.Id == request.Id).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.AcknowledgedAt, now).SetProperty(r => r.Generation, request.Generation),
            cancellationToken);
    }

    public async Task<IReadOnlyList<RevocationRequest>> LatestAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var since = time.GetUtcNow() - age;
        return await ReadAsync(
            database.RevocationJournal.Where(r => r.At >= since || r.AcknowledgedAt == null), cancellationToken);
    }

    public async Task<IReadOnlyList<RevocationRequest>> SinceAsync(
        IReadOnlyCollection<string> known, TimeSpan margin, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        IQueryable<StoredRevocation> rows = database.RevocationJournal;
        if (await rows.Where(r => known.Contains(r.Id)).MaxAsync(r => (DateTimeOffset?)r.At, cancellationToken)
            is { } newest)
        {
            var since = newest - margin;
            rows = rows.Where(r => r.At >= since || r.AcknowledgedAt == null || r.AcknowledgedAt >= since);
        }
        return await ReadAsync(rows, cancellationToken);
    }

    public async Task<long> EpochAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await StoredRevocation.EpochAsync(database.RevocationJournal, cancellationToken);
    }

    /// <remarks>
    /// Nodes ask for pending revocations periodically, so old ones are purged here even if no new ones are added.
    /// </remarks>
    public async Task<IReadOnlyList<RevocationRequest>> PendingAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await PurgeAsync(database, cancellationToken);
        var before = time.GetUtcNow() - age;
        return await ReadAsync(
            database.RevocationJournal.Where(r => r.AcknowledgedAt == null && r.At <= before), cancellationToken);
    }

    private static async Task<IReadOnlyList<RevocationRequest>> ReadAsync(
        IQueryable<StoredRevocation> rows, CancellationToken cancellationToken) =>
    [
        .. (await rows.AsNoTracking().OrderBy(r => r.At).ToListAsync(cancellationToken)).Select(row => row.ToRequest()),
    ];

    private async Task PurgeAsync(AppDbContext database, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now.UtcTicks < Volatile.Read(ref _nextPurge))
            return;
        Volatile.Write(ref _nextPurge, (now + PurgeInterval).UtcTicks);
        var before = now - Retention;
        await database.RevocationJournal.Where(r => r.AcknowledgedAt < before).ExecuteDeleteAsync(cancellationToken);
    }
}
