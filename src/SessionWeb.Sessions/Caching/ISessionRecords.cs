using SessionWeb.Sessions.Revocation;

namespace SessionWeb.Sessions.Caching;

/// <summary>
/// The stored sessions, below the cache. Each method is one atomic step, as <see cref="ISessionStore"/> describes it.
/// Implemented by <c>RedisSessions</c>.
/// </summary>
internal interface ISessionRecords
{
    /// <param name="session">The session.</param>
    /// <param name="knownGeneration">
    /// The account's generation as far as the node knows it. A session without
    /// <see cref="NewSession.Generation"/> has at least this one.
    /// </param>
    /// <param name="epoch">The latest recorded epoch. The session has at least this one.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    Task<CreatedRecord> CreateAsync(
        NewSession session, long knownGeneration, long epoch, CancellationToken cancellationToken);

    /// <inheritdoc cref="ISessionStore.ReadAsync"/>
    Task<SessionRead> ReadAsync(SessionKey key, CancellationToken cancellationToken);

    /// <inheritdoc cref="ISessionStore.TouchAsync"/>
    Task<bool> TouchAsync(SessionKey key, CancellationToken cancellationToken);

    /// <inheritdoc cref="ISessionStore.ReplaceTicketAsync"/>
    Task<ReplaceOutcome> ReplaceTicketAsync(
        SessionKey key, TicketReplacement replacement, CancellationToken cancellationToken);

    /// <inheritdoc cref="ISessionStore.EndedAccountsAsync"/>
    IAsyncEnumerable<AccountTag?> EndedAccountsAsync(CancellationToken cancellationToken);

    /// <inheritdoc cref="ISessionStore.ListAsync"/>
    Task<IReadOnlyList<Session>> ListAsync(
        IReadOnlyCollection<AccountTag> accounts, CancellationToken cancellationToken);

    /// <inheritdoc cref="ISessionStore.ListRecentAsync"/>
    Task<SessionPage> ListRecentAsync(int skip, int take, CancellationToken cancellationToken);
}

/// <summary>The result of storing a new session.</summary>
/// <param name="Result">The result, without the revocation of the replaced sessions.</param>
/// <param name="EntryId">The id of the log entry.</param>
/// <param name="Entry">The log entry that was appended if sessions were replaced; else null.</param>
internal sealed record CreatedRecord(CreateResult Result, string EntryId, AppendedEntry? Entry);
