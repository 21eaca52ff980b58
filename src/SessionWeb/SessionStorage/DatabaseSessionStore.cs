using System.Data;
using System.Data.Common;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.SessionStorage;

/// <summary>
/// Sessions in the accounts' database: the embedded default. Ending and touching are one conditional UPDATE each; creating is a
/// serializable transaction, which on SQLite means that writers take turns.
/// </summary>
internal sealed class DatabaseSessionStore(IDbContextFactory<AppDbContext> databases, TimeProvider time) : ISessionStore, IDisposable
{
    private static readonly long RememberedFor = Milliseconds(SessionEnd.RetainedFor);
    private static readonly long PurgeEvery = Milliseconds(TimeSpan.FromHours(1));

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

    private static readonly Func<StoredSession, Session> AsSession = ToSession.Compile();

    // SQLite lets waiting writers look again at random moments; here they queue, and hold no thread while they do.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SessionEndNotifications _endings = new(time);

    private long _purgedAt;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<CreateResult> CreateAsync(NewSession session, CancellationToken cancellationToken) => TransactAsync(async database =>
    {
        var tag = session.Key.Account.Value;
        var generation = await GenerationAsync(database, tag, cancellationToken);
        if (generation > session.Generation)
            return new(CreateOutcome.StaleGeneration, [], RevocationResult.None, generation);

        var now = Now;
        var live = database.Sessions.Where(StoredSession.LiveAt(now)).Where(s => s.AccountTag == tag);
        var over = await live.CountAsync(cancellationToken) + 1L - session.MaxPerAccount;
        if (over > 0 && session.WhenFull == WhenFull.RefuseNew)
            return new(CreateOutcome.Full, [], RevocationResult.None, generation);
        List<string> oldest = [];
        if (over > 0)
        {
            oldest = await live.OrderBy(s => s.SignedInAt).ThenBy(s => s.Hash).Take((int)over).Select(s => s.Hash).ToListAsync(cancellationToken);
            await EndAsync(database.Sessions.Where(s => oldest.Contains(s.Hash)), new(SessionEndReasons.Replaced, session.Device), now, cancellationToken);
        }

        await PurgeAsync(database, now, cancellationToken);
        var expires = now + Milliseconds(session.Lifetime);
        var idle = Milliseconds(session.IdleTimeout);
        database.Add(new StoredSession
        {
            Hash = session.Key.Hash,
            AccountTag = tag,
            AccountId = session.AccountId,
            AccountName = session.AccountName,
            Device = session.Device,
            IpAddress = session.IpAddress,
            Persistent = session.Persistent,
            Ticket = session.Ticket.ToArray(),
            Generation = session.Generation ?? generation,
            Epoch = await StoredRevocation.EpochAsync(database.RevocationIntents, cancellationToken),
            ClaimsVersion = session.ClaimsVersion,
            IdleTimeout = idle,
            SignedInAt = now,
            LastSeenAt = now,
            ExpiresAt = expires,
            EndsAt = Math.Min(now + idle, expires),
        });
        await database.SaveChangesAsync(cancellationToken);
        return new CreateResult(
            CreateOutcome.Created, [.. oldest.Select(hash => hash[..SessionKey.HandleLength])], RevocationResult.Immediate(oldest.Count), session.Generation ?? generation);
    }, session.Key.Account, cancellationToken);

    public Task<SessionRead> ReadAsync(SessionKey key, CancellationToken cancellationToken) => AskAsync(async database =>
    {
        var now = Now;
        var (tag, handle) = (key.Account.Value, key.Hash.Length < SessionKey.HandleLength ? "" : key.Handle);
        var sessions = database.Sessions.AsNoTracking().Where(s => s.AccountTag == tag).Select(s => new
        {
            Session = s,
            NewestClaims = database.SessionGenerations.Where(g => g.AccountTag == s.AccountTag).Select(g => g.ClaimsVersion).FirstOrDefault(),
        });
        var found = await sessions.SingleOrDefaultAsync(found => found.Session.Hash == key.Hash, cancellationToken)
            ?? await sessions.FirstOrDefaultAsync(found => found.Session.Hash.Substring(0, SessionKey.HandleLength) == handle, cancellationToken);
        if (found is null || found.Session.EndsAt + RememberedFor <= now)
            return SessionRead.Unknown;
        var session = found.Session;
        if (!session.IsLiveAt(now))
            return new SessionRead(null, default, session.Ending);
        if (session.Hash != key.Hash && (session.FormerHash != key.Hash || session.FormerHashEndsAt <= now))
            return SessionRead.Unknown with { RenewedKey = new(key.Account, session.Hash) };
        if (session is { FormerHash: not null, FormerHashEndsAt: null } && session.Hash == key.Hash)
            await UseRenewedAsync(session, cancellationToken);
        return new SessionRead(AsSession(session) with { Key = key }, session.Ticket, null, found.NewestClaims > session.ClaimsVersion ? found.NewestClaims : null);
    }, cancellationToken);

    /// <summary>From the first use of the new id on, the former one is accepted for its grace.</summary>
    private Task<int> UseRenewedAsync(StoredSession session, CancellationToken cancellationToken) => ChangeAsync(async database =>
    {
        var until = Now + session.FormerHashGrace;
        return await database.Sessions.Where(s => s.Hash == session.Hash && s.FormerHashEndsAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.FormerHashEndsAt, until), cancellationToken);
    }, cancellationToken);

    public Task<bool> TouchAsync(SessionKey key, CancellationToken cancellationToken) => ChangeAsync(async database =>
    {
        var now = Now;
        return await database.Sessions.Where(StoredSession.LiveAt(now))
            .Where(StoredSession.Accepts(key, now))
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(s => s.LastSeenAt, now)
                    .SetProperty(s => s.EndsAt, s => now + s.IdleTimeout < s.ExpiresAt ? now + s.IdleTimeout : s.ExpiresAt),
                cancellationToken) > 0;
    }, cancellationToken);

    public Task<RevocationResult> InvalidateClaimsAsync(AccountTag account, long claimsVersion, CancellationToken cancellationToken) =>
        TransactAsync(database => OutdateClaimsAsync(database, account.Value, claimsVersion, cancellationToken), null, cancellationToken);

    private static async Task<RevocationResult> OutdateClaimsAsync(AppDbContext database, string tag, long claimsVersion, CancellationToken cancellationToken)
    {
        await RememberAccountAsync(database, tag, cancellationToken);
        await database.SessionGenerations.Where(g => g.AccountTag == tag && g.ClaimsVersion < claimsVersion)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.ClaimsVersion, claimsVersion), cancellationToken);
        return RevocationResult.None;
    }

    public Task<ReplaceOutcome> ReplaceTicketAsync(SessionKey key, TicketReplacement replacement, CancellationToken cancellationToken) =>
        TransactAsync(async database =>
        {
            var now = Now;
            var session = database.Sessions.Where(StoredSession.LiveAt(now)).Where(StoredSession.Accepts(key, now));
            var found = await session.Select(s => new { s.Hash, s.ClaimsVersion, s.FormerHashEndsAt }).SingleOrDefaultAsync(cancellationToken);
            if (found is null)
                return ReplaceOutcome.NoSession;
            var isFormer = found.Hash != key.Hash;
            if (found.ClaimsVersion >= replacement.ClaimsVersion || isFormer && found.FormerHashEndsAt is not null)
                return ReplaceOutcome.Kept;
            var (ticket, version, grace) = (replacement.Ticket.ToArray(), replacement.ClaimsVersion, Milliseconds(replacement.FormerKeyGrace));
            await session.ExecuteUpdateAsync(
                set =>
                {
                    set.SetProperty(s => s.Ticket, ticket).SetProperty(s => s.ClaimsVersion, version);
                    if (replacement.RenewedKey is { Hash: var renewed })
                        set.SetProperty(s => s.FormerHash, key.Hash)
                            .SetProperty(s => s.FormerHashEndsAt, (long?)null)
                            .SetProperty(s => s.FormerHashGrace, grace)
                            .SetProperty(s => s.Hash, renewed);
                },
                cancellationToken);
            return replacement.RenewedKey is null ? ReplaceOutcome.Replaced : ReplaceOutcome.Renewed;
        }, null, cancellationToken);

    public IAsyncEnumerable<AccountTag?> EndedAccountsAsync(CancellationToken cancellationToken) => _endings.ListenAsync(EndedSinceAsync, cancellationToken);

    public Task<RevocationResult> EndAsync(AccountTag account, string handle, SessionEnd ending, CancellationToken cancellationToken) =>
        ChangeAsync(database => EndAsync(database, account.Value, handle, ending, cancellationToken), account, cancellationToken);

    private async Task<RevocationResult> EndAsync(AppDbContext database, string tag, string handle, SessionEnd ending, CancellationToken cancellationToken)
    {
        var now = Now;
        var session = database.Sessions.Where(StoredSession.LiveAt(now))
            .Where(s => s.AccountTag == tag && s.Hash.Substring(0, SessionKey.HandleLength) == handle);
        return RevocationResult.Immediate(await EndAsync(session, ending, now, cancellationToken));
    }

    public Task<RevocationResult> EndAccountAsync(
        AccountTag account, SessionEnd ending, string? keep = null, long? generation = null, CancellationToken cancellationToken = default) =>
        TransactAsync(database => EndAccountAsync(database, account.Value, ending, keep, generation, cancellationToken), account, cancellationToken);

    private async Task<RevocationResult> EndAccountAsync(
        AppDbContext database, string tag, SessionEnd ending, string? keep, long? generation, CancellationToken cancellationToken)
    {
        var raised = generation ?? 1 + await GenerationAsync(database, tag, cancellationToken);
        await RaiseAsync(database, tag, raised, cancellationToken);
        var now = Now;
        var older = database.Sessions.Where(StoredSession.LiveAt(now)).Where(s => s.AccountTag == tag && s.Generation < raised);
        var ended = await EndAsync(
            keep is null ? older : older.Where(s => s.Hash.Substring(0, SessionKey.HandleLength) != keep), ending, now, cancellationToken);
        // What is left of them is the session to keep: it continues as one of the new generation.
        await older.ExecuteUpdateAsync(set => set.SetProperty(s => s.Generation, raised), cancellationToken);
        return RevocationResult.Immediate(ended);
    }

    public Task<RevocationResult> EndAllAsync(SessionEnd ending, SessionKey? keep = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(database => EndEveryoneAsync(database, ending, keep?.Account.Value, keep?.Handle, null, cancellationToken), SessionEndNotifications.Anyone, cancellationToken);

    private async Task<RevocationResult> EndEveryoneAsync(
        AppDbContext database, SessionEnd ending, string? keepTag, string? keepHandle, long? epoch, CancellationToken cancellationToken)
    {
        var now = Now;
        var sessions = database.Sessions.Where(StoredSession.LiveAt(now)).Where(s => epoch == null || s.Epoch < epoch);
        if (keepHandle is not null)
            sessions = sessions.Where(s => s.AccountTag != keepTag || s.Hash.Substring(0, SessionKey.HandleLength) != keepHandle);
        return RevocationResult.Immediate(await EndAsync(sessions, ending, now, cancellationToken));
    }

    /// <remarks>The journal's row is acknowledged in the same transaction, so that it is applied once.</remarks>
    public async Task<RevocationResult> RevokeAsync(RevocationRequest revocation, CancellationToken cancellationToken)
    {
        try
        {
            return await TransactAsync(
                database => ApplyAsync(database, revocation, cancellationToken), revocation.Account ?? SessionEndNotifications.Anyone, cancellationToken);
        }
        catch (SessionStoreUnavailableException)
        {
            return new(0, [], Pending: true, TimeSpan.Zero);
        }
    }

    private async Task<RevocationResult> ApplyAsync(AppDbContext database, RevocationRequest revocation, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var row = database.RevocationIntents.Where(i => i.Id == revocation.Id);
        if (await row.Where(i => i.AcknowledgedAt == null).ExecuteUpdateAsync(set => set.SetProperty(i => i.AcknowledgedAt, now), cancellationToken) == 0
            && await row.AnyAsync(cancellationToken))
            return RevocationResult.None;
        var keep = revocation.KeptHandle;
        return revocation switch
        {
            { Account: null } => await EndEveryoneAsync(
                database, revocation.End, revocation.KeptAccount?.Value, keep, revocation.Generation, cancellationToken),
            { Account: { } account, ClaimsVersion: { } version } => await OutdateClaimsAsync(database, account.Value, version, cancellationToken),
            { Account: { } account, Handle: { } handle } => await EndAsync(database, account.Value, handle, revocation.End, cancellationToken),
            { Account: { } account } => await EndAccountAsync(database, account.Value, revocation.End, keep, revocation.Generation, cancellationToken),
        };
    }

    public Task<IReadOnlyList<Session>> ListAsync(IReadOnlyCollection<AccountTag> accounts, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<Session>>(async database =>
        {
            var tags = accounts.Select(a => a.Value).ToList();
            return await LatestFirst(database.Sessions.Where(s => tags.Contains(s.AccountTag))).Select(ToSession).ToListAsync(cancellationToken);
        }, cancellationToken);

    public Task<SessionPage> ListRecentAsync(int skip, int take, CancellationToken cancellationToken) => AskAsync(async database =>
    {
        var page = await LatestFirst(database.Sessions).Skip(skip).Take(take + 1).Select(ToSession).ToListAsync(cancellationToken);
        var total = await database.Sessions.Where(StoredSession.LiveAt(Now)).LongCountAsync(cancellationToken);
        return new SessionPage(page.Count > take ? page[..take] : page, page.Count > take, total);
    }, cancellationToken);

    public void Dispose() => _turn.Dispose();

    private IQueryable<StoredSession> LatestFirst(IQueryable<StoredSession> sessions) =>
        sessions.Where(StoredSession.LiveAt(Now)).OrderByDescending(s => s.LastSeenAt).ThenBy(s => s.Hash);

    private static Task<int> EndAsync(IQueryable<StoredSession> sessions, SessionEnd ending, long now, CancellationToken cancellationToken) =>
        sessions.ExecuteUpdateAsync(
            set => set
                .SetProperty(s => s.EndReason, ending.Reason)
                .SetProperty(s => s.EndedBy, ending.By)
                .SetProperty(s => s.EndMessage, ending.Message)
                .SetProperty(s => s.SignInAgain, ending.SignInAgain)
                .SetProperty(s => s.EndsAt, now)
                .SetProperty(s => s.Ticket, Array.Empty<byte>()),
            cancellationToken);

    private static Task<long> GenerationAsync(AppDbContext database, string tag, CancellationToken cancellationToken) =>
        database.SessionGenerations.Where(g => g.AccountTag == tag).Select(g => g.Generation).SingleOrDefaultAsync(cancellationToken);

    private static async Task RaiseAsync(AppDbContext database, string tag, long generation, CancellationToken cancellationToken)
    {
        await RememberAccountAsync(database, tag, cancellationToken);
        await database.SessionGenerations.Where(g => g.AccountTag == tag && g.Generation < generation)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.Generation, generation), cancellationToken);
    }

    private static async Task RememberAccountAsync(AppDbContext database, string tag, CancellationToken cancellationToken)
    {
        if (await database.SessionGenerations.AnyAsync(g => g.AccountTag == tag, cancellationToken))
            return;
        database.Add(new StoredGeneration { AccountTag = tag });
        await database.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Whose sessions were ended at this time or after it, by this process or another.</summary>
    private Task<List<string>> EndedSinceAsync(long since, CancellationToken cancellationToken) => AskAsync(database =>
        database.Sessions.Where(s => s.EndsAt >= since && s.EndReason != null).Select(s => s.AccountTag).Distinct().ToListAsync(cancellationToken), cancellationToken);

    /// <summary>Forgets, once an hour, what ended more than a day ago. Only creating makes rows, so that is when it is done.</summary>
    private async Task PurgeAsync(AppDbContext database, long now, CancellationToken cancellationToken)
    {
        var last = Interlocked.Read(ref _purgedAt);
        if (now - last >= PurgeEvery && Interlocked.CompareExchange(ref _purgedAt, now, last) == last)
            await database.Sessions.Where(s => s.EndsAt <= now - RememberedFor).ExecuteDeleteAsync(cancellationToken);
    }

    private Task<T> TransactAsync<T>(Func<AppDbContext, Task<T>> write, AccountTag? whose, CancellationToken cancellationToken) => ChangeAsync(async database =>
    {
        await using var transaction = await database.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
        var result = await write(database);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }, whose, cancellationToken);

    /// <param name="whose">Whose sessions the change may end; they are looked at again then.</param>
    private async Task<T> ChangeAsync<T>(Func<AppDbContext, Task<T>> change, AccountTag? whose, CancellationToken cancellationToken)
    {
        var result = await ChangeAsync(change, cancellationToken);
        if (whose is not null)
            _endings.Tell(whose.Value);
        return result;
    }

    private async Task<T> ChangeAsync<T>(Func<AppDbContext, Task<T>> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await AskAsync(change, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<T> AskAsync<T>(Func<AppDbContext, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            await using var database = await databases.CreateDbContextAsync(cancellationToken);
            return await ask(database);
        }
        catch (Exception e) when (e is DbException or DbUpdateException or TimeoutException)
        {
            throw new SessionStoreUnavailableException("The sessions' database cannot be used.", e);
        }
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
