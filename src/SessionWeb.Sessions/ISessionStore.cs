namespace SessionWeb.Sessions;

/// <summary>
/// Where sessions live. A store knows accounts by <see cref="AccountTag"/>, sessions by the SHA-256 of their secret, and nothing of HTTP.
/// </summary>
/// <remarks>
/// <para>What holds for every store:</para>
/// <list type="bullet">
/// <item>Each method is one atomic step: two callers never see, or leave, half of it.</item>
/// <item>The store's own clock decides what has expired; callers only give durations.</item>
/// <item>An expired session is as gone as an ended one, in every method, from the moment of its expiry.</item>
/// <item>Nothing but <see cref="CreateAsync"/> brings a session into being: a late touch never does.</item>
/// <item>A key that cannot be (wrong length, foreign characters) is an unknown session, not an error.</item>
/// <item>A store that is down, or does not answer within its deadline, throws <see cref="SessionStoreUnavailableException"/>: the outcome is
/// unknown and must never be read as "no session".</item>
/// <item>When sessions were ended, or their claims outdated, and the answer does not say that it is pending, no node accepts them any more, or
/// with those claims, in whatever request starts after the answer.</item>
/// </list>
/// </remarks>
public interface ISessionStore
{
    /// <summary>
    /// Stores a new session, unless the account has moved on to a later generation or already has as many sessions as it may have.
    /// </summary>
    Task<CreateResult> CreateAsync(NewSession session, CancellationToken cancellationToken);

    /// <summary>Reads a session with its ticket, under the key that is given; if there is none, how it ended, as long as that is remembered.</summary>
    Task<SessionRead> ReadAsync(SessionKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Notes that the session was just used: its idle time starts anew, up to its absolute expiry.
    /// </summary>
    /// <returns>False if there is no such session (any more); nothing was created then.</returns>
    Task<bool> TouchAsync(SessionKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Says that the claims in all tickets of an account are out of date below <paramref name="claimsVersion"/>: from the next
    /// <see cref="ReadAsync"/> on, those sessions say so. A version is never lowered.
    /// </summary>
    Task<RevocationResult> InvalidateClaimsAsync(AccountTag account, long claimsVersion, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces a session's ticket, and its key where the replacement names a new one, unless the session has claims of this version or a
    /// later one. A session never comes into being by this.
    /// </summary>
    Task<ReplaceOutcome> ReplaceTicketAsync(SessionKey key, TicketReplacement replacement, CancellationToken cancellationToken);

    /// <summary>Ends one session of an account, found by its public handle. An account that has no such session stays as it is.</summary>
    Task<RevocationResult> EndAsync(AccountTag account, string handle, SessionEnd ending, CancellationToken cancellationToken);

    /// <summary>
    /// Ends the sessions of an account that are of a lower generation than <paramref name="generation"/>, but <paramref name="keep"/> (a
    /// handle) if given, and raises the account's generation, so that a sign-in that began under a lower one is refused. A generation is
    /// never lowered. Without <paramref name="generation"/> it is the account's next one, so that all its sessions end.
    /// </summary>
    Task<RevocationResult> EndAccountAsync(
        AccountTag account, SessionEnd ending, string? keep = null, long? generation = null, CancellationToken cancellationToken = default);

    /// <summary>Ends the sessions of everyone, but <paramref name="keep"/> if given.</summary>
    Task<RevocationResult> EndAllAsync(SessionEnd ending, SessionKey? keep = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies a revocation that the caller has recorded, for example in the transaction that changed the account. Applying it again changes
    /// nothing, also where sessions began since: an account's sessions end only if they are of a lower generation than the revocation's.
    /// </summary>
    /// <returns>Pending, and no exception, where the store is unavailable: whoever recorded the revocation applies it later.</returns>
    Task<RevocationResult> RevokeAsync(RevocationRequest revocation, CancellationToken cancellationToken);

    /// <summary>
    /// Tells of accounts of which sessions were ended, as it happens, by whatever node; null means that it may be anyone's. It is a hint to
    /// look again: what was missed while the store could not be reached is made up for by a null.
    /// </summary>
    IAsyncEnumerable<AccountTag?> EndedAccountsAsync(CancellationToken cancellationToken);

    /// <summary>The live sessions of some accounts, latest use first. Accounts without sessions are simply absent.</summary>
    Task<IReadOnlyList<Session>> ListAsync(IReadOnlyCollection<AccountTag> accounts, CancellationToken cancellationToken);

    /// <summary>A page of all live sessions, latest use first.</summary>
    /// <param name="skip">How many sessions to pass over.</param>
    /// <param name="take">How many sessions to return at most.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<SessionPage> ListRecentAsync(int skip, int take, CancellationToken cancellationToken);
}
