using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

internal enum SessionOrder
{
    LastSeen,
    SignedIn,
    Name,
}

/// <summary>Which live sessions to list, and in which order.</summary>
/// <param name="Account">Part of the account's name.</param>
/// <param name="Device">Part of the device's name.</param>
/// <param name="Address">The beginning of the IP address.</param>
/// <param name="Persistent">True: only persistent sessions. False: only others. Null: both.</param>
/// <param name="Order">By last use or sign-in, latest first; or by account name.</param>
internal sealed record SessionFilter(
    string? Account = null, string? Device = null, string? Address = null, bool? Persistent = null,
    SessionOrder Order = SessionOrder.LastSeen);

/// <summary>A page of the sessions that were found.</summary>
/// <param name="Sessions">The sessions.</param>
/// <param name="HasNext">Whether there is another page.</param>
/// <param name="Total">The number of sessions that were found.</param>
/// <param name="IsPartial">Whether the search reached a limit, so that matching sessions may be missing.</param>
internal sealed record SessionSearchPage(IReadOnlyList<Session> Sessions, bool HasNext, long Total, bool IsPartial);

/// <summary>
/// Searches the live sessions. Stores list sessions only by last use and by account. Therefore other filters search the
/// <see cref="MaxSessions"/> most recently used sessions, or the sessions of at most <see cref="MaxAccounts"/> matching
/// accounts. The cost does not depend on the number of all sessions.
/// </summary>
internal sealed class SessionSearch(ISessionStore sessions, AppDbContext database)
{
    public const int MaxSessions = 2000;
    public const int MaxAccounts = 200;

    private const int Step = 500;

    public async Task<SessionSearchPage> FindAsync(
        SessionFilter filter, int skip, int take, CancellationToken cancellationToken)
    {
        if (filter == new SessionFilter())
        {
            var page = await sessions.ListRecentAsync(skip, take, cancellationToken);
            return new(await NamedAsync(page.Sessions, cancellationToken), page.HasNext, page.Total, false);
        }
        var (candidates, partial) = filter.Account is { } name
            ? await OfAccountsAsync(name, cancellationToken)
            : await RecentAsync(cancellationToken);
        var wanted = candidates.Where(session => Matches(session, filter)).ToList();
        var found = InOrder(await NamedAsync(wanted, cancellationToken), filter.Order).ToList();
        return new([.. found.Skip(skip).Take(take)], found.Count > skip + take, found.Count, partial);
    }

    private async Task<(IEnumerable<Session> Sessions, bool IsPartial)> OfAccountsAsync(
        string name, CancellationToken cancellationToken)
    {
        var part = name.ToUpperInvariant();
        var ids = await database.Users.Where(account => account.NormalizedUserName!.Contains(part))
            .OrderBy(account => account.NormalizedUserName).Select(account => account.Id)
            .Take(MaxAccounts + 1).ToListAsync(cancellationToken);
        return (await sessions.ListAsync([.. ids.Take(MaxAccounts).Select(AccountTag.For)], cancellationToken),
            ids.Count > MaxAccounts);
    }

    private async Task<(IEnumerable<Session> Sessions, bool IsPartial)> RecentAsync(
        CancellationToken cancellationToken)
    {
        // In steps, each within the store's timeout. A session that is used meanwhile moves, and may be listed twice.
        var candidates = new Dictionary<SessionKey, Session>();
        for (var skip = 0; ; skip += Step)
        {
            var page = await sessions.ListRecentAsync(skip, Step, cancellationToken);
            foreach (var session in page.Sessions)
                candidates[session.Key] = session;
            if (!page.HasNext || skip + Step >= MaxSessions)
                return (candidates.Values, page.HasNext);
        }
    }

    /// <summary>Sessions contain the name at sign-in. Administrators search for the current one.</summary>
    private async Task<IReadOnlyList<Session>> NamedAsync(
        IReadOnlyList<Session> found, CancellationToken cancellationToken)
    {
        var ids = found.Select(session => session.AccountId).Distinct().ToList();
        var names = await database.Users.Where(account => ids.Contains(account.Id))
            .Select(account => new { account.Id, account.UserName })
            .ToDictionaryAsync(account => account.Id, account => account.UserName!, cancellationToken);
        return
        [
            .. found.Select(session =>
                names.TryGetValue(session.AccountId, out var name) ? session with { AccountName = name } : session),
        ];
    }

    private static bool Matches(Session session, SessionFilter filter) =>
        (filter.Device is not { } device || session.Device.Contains(device, StringComparison.OrdinalIgnoreCase))
        && (filter.Address is not { } address
            || session.IpAddress.StartsWith(address, StringComparison.OrdinalIgnoreCase))
        && (filter.Persistent is not { } persistent || session.Persistent == persistent);

    private static IEnumerable<Session> InOrder(IEnumerable<Session> found, SessionOrder order) => order switch
    {
        SessionOrder.SignedIn => found.OrderByDescending(session => session.SignedInAt),
        SessionOrder.Name => found.OrderBy(session => session.AccountName, StringComparer.OrdinalIgnoreCase)
            .ThenByDescending(session => session.LastSeenAt),
        _ => found.OrderByDescending(session => session.LastSeenAt),
    };
}
