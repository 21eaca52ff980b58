using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.EmbeddedStore;

/// <summary>Reads and lists sessions in the database.</summary>
internal sealed class DatabaseSessionReader(SessionDatabase sessions, TimeProvider time)
{
    private static readonly Expression<Func<StoredSession, Session>> ToSession = s => new Session
    {
        Key = new SessionKey(new AccountTag(s.AccountTag), s.Hash),
        AccountId = s.AccountId,
        AccountName = s.AccountName,
        Device = s.Device,
        IpAddress = s.IpAddress,
        Persistent = s.Persistent,
        SignedInAt = DateTimeOffset.FromUnixTimeMilliseconds(s.SignedInAt),
        LastSeenAt = DateTimeOffset.FromUnixTimeMilliseconds(s.LastSeenAt),
        IdleExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(s.EndsAt),
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(s.ExpiresAt),
    };

    private static readonly Func<StoredSession, Session> CompiledToSession = ToSession.Compile();

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<SessionRead> ReadAsync(SessionKey key, CancellationToken cancellationToken) =>
        sessions.ReadAsync(async database =>
        {
            var now = Now;
            var (tag, handle) = (key.Account.Value, key.Hash.Length < SessionKey.HandleLength ? "" : key.Handle);
            var candidates = database.Sessions.AsNoTracking().Where(s => s.AccountTag == tag).Select(s => new
            {
                Session = s,
                NewestClaims = database.SessionGenerations.Where(g => g.AccountTag == s.AccountTag)
                    .Select(g => g.ClaimsVersion).FirstOrDefault(),
            });
            var found =
                await candidates.SingleOrDefaultAsync(found => found.Session.Hash == key.Hash, cancellationToken)
                ?? await candidates.FirstOrDefaultAsync(
                    found => found.Session.Hash.Substring(0, SessionKey.HandleLength) == handle, cancellationToken);
            if (found is null || found.Session.EndsAt + StoredSession.RetainedFor <= now)
                return SessionRead.Unknown;
            var session = found.Session;
            if (!session.IsLiveAt(now))
                return new SessionRead(null, default, session.Ending);
            if (session.Hash != key.Hash && (session.FormerHash != key.Hash || session.FormerHashEndsAt <= now))
                return SessionRead.Unknown with { RenewedKey = new(key.Account, session.Hash) };
            if (session is { FormerHash: not null, FormerHashEndsAt: null } && session.Hash == key.Hash)
                await BeginFormerHashGraceAsync(session, cancellationToken);
            return new SessionRead(
                CompiledToSession(session) with { Key = key },
                session.Ticket,
                null,
                found.NewestClaims > session.ClaimsVersion ? found.NewestClaims : null);
        }, cancellationToken);

    public Task<IReadOnlyList<Session>> ListAsync(
        IReadOnlyCollection<AccountTag> accounts, CancellationToken cancellationToken) =>
        sessions.ReadAsync<IReadOnlyList<Session>>(async database =>
        {
            var tags = accounts.Select(a => a.Value).ToList();
            return await LatestFirst(database.Sessions.Where(s => tags.Contains(s.AccountTag)))
                .Select(ToSession).ToListAsync(cancellationToken);
        }, cancellationToken);

    public Task<SessionPage> ListRecentAsync(int skip, int take, CancellationToken cancellationToken) =>
        sessions.ReadAsync(async database =>
        {
            var page = await LatestFirst(database.Sessions).Skip(skip).Take(take + 1)
                .Select(ToSession).ToListAsync(cancellationToken);
            var total = await database.Sessions.Where(StoredSession.LiveAt(Now)).LongCountAsync(cancellationToken);
            return new SessionPage(page.Count > take ? page[..take] : page, page.Count > take, total);
        }, cancellationToken);

    /// <summary>The accounts whose sessions ended at this time or later, in this process or another.</summary>
    public Task<List<string>> EndedSinceAsync(long since, CancellationToken cancellationToken) => sessions.ReadAsync(
        database => database.Sessions.Where(s => s.EndsAt >= since && s.EndReason != null)
            .Select(s => s.AccountTag).Distinct().ToListAsync(cancellationToken),
        cancellationToken);

    /// <summary>At the first use of the new id, the grace of the former one begins.</summary>
    private Task<int> BeginFormerHashGraceAsync(StoredSession session, CancellationToken cancellationToken) =>
        sessions.WriteAsync(database =>
        {
            var until = Now + session.FormerHashGrace;
            return database.Sessions.Where(s => s.Hash == session.Hash && s.FormerHashEndsAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.FormerHashEndsAt, until), cancellationToken);
        }, cancellationToken);

    private IQueryable<StoredSession> LatestFirst(IQueryable<StoredSession> stored) =>
        stored.Where(StoredSession.LiveAt(Now)).OrderByDescending(s => s.LastSeenAt).ThenBy(s => s.Hash);
}
