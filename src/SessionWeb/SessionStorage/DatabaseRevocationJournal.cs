using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.SessionStorage;

/// <summary>
/// The revocation journal in the accounts database. Acknowledged revocations stay as long as a session that they ended could live, so that a
/// session store that lost its newest data can be brought up to date.
/// </summary>
internal sealed class DatabaseRevocationJournal(IDbContextFactory<AppDbContext> databases, IOptions<SessionsOptions> options, TimeProvider time) : IRevocationJournal
{
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromHours(1);

    private long _purgeAt;

    private TimeSpan Kept
    {
        get
        {
            var longest = options.Value.RememberMe > options.Value.AbsoluteTimeout ? options.Value.RememberMe : options.Value.AbsoluteTimeout;
            return TimeSpan.FromDays(Math.Max(30, longest.TotalDays) + 1);
        }
    }

    public async Task<RevocationRequest> AddAsync(RevocationRequest intent, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
        await database.RevocationIntents.Where(i => i.Id == intent.Id).ExecuteDeleteAsync(cancellationToken);
        var now = time.GetUtcNow();
        var recorded = await StoredRevocation.WithEpochAsync(intent, database.RevocationIntents, now, cancellationToken);
        database.Add(StoredRevocation.Of(recorded, now));
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return recorded;
    }

    public async Task MarkAcknowledgedAsync(RevocationRequest intent, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        await database.RevocationIntents.Where(i => i.Id == intent.Id).ExecuteUpdateAsync(
            set => set.SetProperty(i => i.AcknowledgedAt, now).SetProperty(i => i.Generation, intent.Generation), cancellationToken);
    }

    public async Task<IReadOnlyList<RevocationRequest>> LatestAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var since = time.GetUtcNow() - age;
        var found = await database.RevocationIntents.AsNoTracking().Where(i => i.At >= since || i.AcknowledgedAt == null).OrderBy(i => i.At)
            .ToListAsync(cancellationToken);
        return [.. found.Select(intent => intent.ToIntent())];
    }

    public async Task<IReadOnlyList<RevocationRequest>> SinceAsync(
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

    public async Task<long> EpochAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await StoredRevocation.EpochAsync(database.RevocationIntents, cancellationToken);
    }

    /// <remarks>Nodes ask for pending revocations again and again, so old ones are purged here, whether or not there are new ones.</remarks>
    public async Task<IReadOnlyList<RevocationRequest>> PendingAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await PurgeAsync(database, cancellationToken);
        var before = time.GetUtcNow() - age;
        var found = await database.RevocationIntents.AsNoTracking().Where(i => i.AcknowledgedAt == null && i.At <= before).OrderBy(i => i.At)
            .ToListAsync(cancellationToken);
        return [.. found.Select(intent => intent.ToIntent())];
    }

    private async Task PurgeAsync(AppDbContext database, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now.UtcTicks < Volatile.Read(ref _purgeAt))
            return;
        Volatile.Write(ref _purgeAt, (now + PurgeEvery).UtcTicks);
        var before = now - Kept;
        await database.RevocationIntents.Where(i => i.AcknowledgedAt < before).ExecuteDeleteAsync(cancellationToken);
    }
}
