using System.Data;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;

namespace SessionWeb.Sessions;

/// <summary>Writes revocations down in the accounts' database, and forgets them a day after they were acknowledged.</summary>
internal sealed class DatabaseIntents(IDbContextFactory<AppDbContext> databases, TimeProvider time) : IRevocationIntents
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromHours(1);

    private long _purgedAt = time.GetTimestamp();

    public async Task AddAsync(RevocationIntent intent, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
        await database.RevocationIntents.Where(i => i.Id == intent.Id).ExecuteDeleteAsync(cancellationToken);
        database.Add(StoredIntent.Of(intent, time.GetUtcNow()));
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task AcknowledgedAsync(RevocationIntent intent, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        await database.RevocationIntents.Where(i => i.Id == intent.Id).ExecuteUpdateAsync(
            set => set.SetProperty(i => i.AcknowledgedAt, now).SetProperty(i => i.Generation, intent.Generation), cancellationToken);
        if (time.GetElapsedTime(Volatile.Read(ref _purgedAt)) > PurgeEvery)
        {
            Volatile.Write(ref _purgedAt, time.GetTimestamp());
            var before = now - Kept;
            await database.RevocationIntents.Where(i => i.AcknowledgedAt < before).ExecuteDeleteAsync(cancellationToken);
        }
    }

    public async Task<IReadOnlyList<RevocationIntent>> LatestAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var since = time.GetUtcNow() - age;
        var found = await database.RevocationIntents.AsNoTracking().Where(i => i.At >= since || i.AcknowledgedAt == null).OrderBy(i => i.At)
            .ToListAsync(cancellationToken);
        return [.. found.Select(intent => intent.ToIntent())];
    }

    public async Task<IReadOnlyList<RevocationIntent>> SinceAsync(
        IReadOnlyCollection<string> known, TimeSpan margin, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var newest = await database.RevocationIntents.Where(i => known.Contains(i.Id)).MaxAsync(i => (DateTimeOffset?)i.At, cancellationToken);
        var rows = database.RevocationIntents.AsNoTracking();
        if (newest is { } at)
        {
            var since = at - margin;
            rows = rows.Where(i => i.At >= since || i.AcknowledgedAt == null || i.AcknowledgedAt >= since);
        }
        return [.. (await rows.OrderBy(i => i.At).ToListAsync(cancellationToken)).Select(intent => intent.ToIntent())];
    }

    public async Task<IReadOnlyList<RevocationIntent>> PendingAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var before = time.GetUtcNow() - age;
        var found = await database.RevocationIntents.AsNoTracking().Where(i => i.AcknowledgedAt == null && i.At <= before).OrderBy(i => i.At)
            .ToListAsync(cancellationToken);
        return [.. found.Select(intent => intent.ToIntent())];
    }
}
