using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.EmbeddedStore;

/// <summary>
/// Creates and updates sessions in the database. A touch is one conditional UPDATE, other operations are one
/// transaction.
/// </summary>
internal sealed class DatabaseSessionWriter(SessionDatabase sessions, TimeProvider time)
{
    private static readonly long PurgeInterval = Milliseconds(TimeSpan.FromHours(1));

    private long _purgedAt;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<CreateResult> CreateAsync(NewSession session, CancellationToken cancellationToken) =>
        sessions.TransactAsync(async database =>
        {
            var tag = session.Key.Account.Value;
            var generation = await database.GenerationAsync(tag, cancellationToken);
            if (generation > session.Generation)
                return new(CreateOutcome.StaleGeneration, [], RevocationResult.None, generation);

            var now = Now;
            var live = database.Sessions.Where(StoredSession.LiveAt(now)).Where(s => s.AccountTag == tag);
            var excess = await live.CountAsync(cancellationToken) + 1L - session.MaxPerAccount;
            if (excess > 0 && session.WhenFull == WhenFull.RefuseNew)
                return new(CreateOutcome.Full, [], RevocationResult.None, generation);
            List<string> oldest = [];
            if (excess > 0)
            {
                oldest = await live.OrderBy(s => s.SignedInAt).ThenBy(s => s.Hash).Take((int)excess)
                    .Select(s => s.Hash).ToListAsync(cancellationToken);
                await DatabaseSessionRevoker.EndAsync(
                    database.Sessions.Where(s => oldest.Contains(s.Hash)),
                    new(SessionEndReasons.Replaced, session.Device), now, cancellationToken);
            }

            await PurgeAsync(database, now, cancellationToken);
            var epoch = await StoredRevocation.EpochAsync(database.RevocationJournal, cancellationToken);
            database.Add(RowOf(session, now, session.Generation ?? generation, epoch));
            await database.SaveChangesAsync(cancellationToken);
            return new CreateResult(
                CreateOutcome.Created,
                [.. oldest.Select(hash => hash[..SessionKey.HandleLength])],
                RevocationResult.Immediate(oldest.Count),
                session.Generation ?? generation);
        }, cancellationToken);

    public Task<bool> TouchAsync(SessionKey key, CancellationToken cancellationToken) =>
        sessions.WriteAsync(async database =>
        {
            var now = Now;
            return await database.Sessions.Where(StoredSession.LiveAt(now))
                .Where(StoredSession.Accepts(key, now))
                .ExecuteUpdateAsync(
                    set => set
                        .SetProperty(s => s.LastSeenAt, now)
                        .SetProperty(
                            s => s.EndsAt, s => now + s.IdleTimeout < s.ExpiresAt ? now + s.IdleTimeout : s.ExpiresAt),
                    cancellationToken) > 0;
        }, cancellationToken);

    public Task<ReplaceOutcome> ReplaceTicketAsync(
        SessionKey key, TicketReplacement replacement, CancellationToken cancellationToken) =>
        sessions.TransactAsync(async database =>
        {
            var now = Now;
            var session = database.Sessions.Where(StoredSession.LiveAt(now)).Where(StoredSession.Accepts(key, now));
            var found = await session.Select(s => new { s.Hash, s.ClaimsVersion, s.FormerHashEndsAt })
                .SingleOrDefaultAsync(cancellationToken);
            if (found is null)
                return ReplaceOutcome.NoSession;
            var isFormer = found.Hash != key.Hash;
            if (found.ClaimsVersion >= replacement.ClaimsVersion || isFormer && found.FormerHashEndsAt is not null)
                return ReplaceOutcome.Kept;
            var (ticket, version, grace) =
                (replacement.Ticket.ToArray(), replacement.ClaimsVersion, Milliseconds(replacement.FormerKeyGrace));
            await session.ExecuteUpdateAsync(
                set =>
                {
                    set.SetProperty(s => s.Ticket, ticket).SetProperty(s => s.ClaimsVersion, version);
                    if (replacement.RenewedKey is { Hash: var renewed })
                    {
                        set.SetProperty(s => s.FormerHash, key.Hash)
                            .SetProperty(s => s.FormerHashEndsAt, (long?)null)
                            .SetProperty(s => s.FormerHashGrace, grace)
                            .SetProperty(s => s.Hash, renewed);
                    }
                },
                cancellationToken);
            return replacement.RenewedKey is null ? ReplaceOutcome.Replaced : ReplaceOutcome.Renewed;
        }, cancellationToken);

    private static StoredSession RowOf(NewSession session, long now, long generation, long epoch)
    {
        var (idle, expires) = (Milliseconds(session.IdleTimeout), now + Milliseconds(session.Lifetime));
        return new()
        {
            Hash = session.Key.Hash,
            AccountTag = session.Key.Account.Value,
            AccountId = session.AccountId,
            AccountName = session.AccountName,
            Device = session.Device,
            IpAddress = session.IpAddress,
            Persistent = session.Persistent,
            Ticket = session.Ticket.ToArray(),
            Generation = generation,
            Epoch = epoch,
            ClaimsVersion = session.ClaimsVersion,
            IdleTimeout = idle,
            SignedInAt = now,
            LastSeenAt = now,
            ExpiresAt = expires,
            EndsAt = Math.Min(now + idle, expires),
        };
    }

    /// <summary>
    /// Deletes, once an hour, sessions that ended more than a day ago. Only creation adds rows, so it runs there.
    /// </summary>
    private async Task PurgeAsync(AppDbContext database, long now, CancellationToken cancellationToken)
    {
        var last = Interlocked.Read(ref _purgedAt);
        if (now - last >= PurgeInterval && Interlocked.CompareExchange(ref _purgedAt, now, last) == last)
        {
            await database.Sessions.Where(s => s.EndsAt <= now - StoredSession.RetainedFor)
                .ExecuteDeleteAsync(cancellationToken);
        }
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
