using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;

namespace SessionWeb.Audit;

/// <summary>Selects audit entries.</summary>
/// <param name="Name">The name of the affected account, or of the actor.</param>
/// <param name="Event">One of <see cref="AuditEvents"/>.</param>
/// <param name="From">The first day, UTC.</param>
/// <param name="To">The last day, UTC.</param>
internal sealed record AuditFilter(
    string? Name = null, string? Event = null, DateOnly? From = null, DateOnly? To = null);

/// <summary>A page of entries, newest first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="HasNewer">Whether there are newer entries.</param>
/// <param name="HasOlder">Whether there are older entries.</param>
internal sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, bool HasNewer, bool HasOlder);

internal sealed class AuditReader(AppDbContext database)
{
    private const int BatchSize = 1000;

    /// <summary>The entries that concern an account, without the counts of ended sessions.</summary>
    public IQueryable<AuditEntry> OfAccount(string accountId) =>
        database.AuditEntries.AsNoTracking()
            .Where(e => e.AccountId == accountId && e.Event != AuditEvents.SessionsEnded);

    public async Task<IQueryable<AuditEntry>> FindAsync(AuditFilter filter, CancellationToken cancellationToken)
    {
        var entries = database.AuditEntries.AsNoTracking();
        if (filter.Name is { Length: > 0 } name)
        {
            // The account id also finds entries under former names. Without an account, only entries with exactly this
            // name match.
            var normalized = name.ToUpperInvariant();
            var account = await database.Users.Where(a => a.NormalizedUserName == normalized)
                .Select(a => new { a.Id, a.UserName }).SingleOrDefaultAsync(cancellationToken);
            var (id, userName) = (account?.Id ?? "", account?.UserName ?? name);
            entries = entries.Where(
                e => e.AccountId == id || e.AccountName == userName || e.ById == id || e.By == userName);
        }
        if (filter.Event is { Length: > 0 } @event)
            entries = entries.Where(e => e.Event == @event);
        if (filter.From is { } from)
        {
            var start = StartOf(from);
            entries = entries.Where(e => e.At >= start);
        }
        if (filter.To is { } to && to < DateOnly.MaxValue)
        {
            var end = StartOf(to.AddDays(1));
            entries = entries.Where(e => e.At < end);
        }
        return entries;
    }

    /// <summary>
    /// The entries older than <paramref name="before"/> or newer than <paramref name="after"/>. The newest without
    /// either.
    /// </summary>
    public static async Task<AuditPage> PageAsync(
        IQueryable<AuditEntry> entries, long? before, long? after, int size, CancellationToken cancellationToken)
    {
        if (after is { } newerThan && before is null)
        {
            var newer = await entries.Where(e => e.Id > newerThan).OrderBy(e => e.Id).Take(size + 1)
                .ToListAsync(cancellationToken);
            return new([.. newer.Take(size).Reverse()], newer.Count > size, true);
        }
        var older = await (before is { } olderThan ? entries.Where(e => e.Id < olderThan) : entries)
            .OrderByDescending(e => e.Id).Take(size + 1).ToListAsync(cancellationToken);
        return new([.. older.Take(size)], before is not null, older.Count > size);
    }

    /// <summary>All entries, newest first, read in batches so that a slow reader does not block the database.</summary>
    public static async IAsyncEnumerable<AuditEntry> ReadAsync(
        IQueryable<AuditEntry> entries, int max, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long last = long.MaxValue, left = max; left > 0;)
        {
            var batch = await entries.Where(e => e.Id < last).OrderByDescending(e => e.Id)
                .Take((int)Math.Min(left, BatchSize)).ToListAsync(cancellationToken);
            foreach (var entry in batch)
                yield return entry;
            if (batch.Count < BatchSize)
                yield break;
            last = batch[^1].Id;
            left -= batch.Count;
        }
    }

    private static DateTimeOffset StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
