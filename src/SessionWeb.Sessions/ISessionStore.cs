namespace SessionWeb.Sessions;

/// <summary>
/// Stores sessions. A store knows accounts by their <see cref="AccountTag"/> and sessions by the SHA-256 of their
/// secret. It does not know HTTP.
/// </summary>
/// <remarks>
/// <para>The contract of every store:</para>
/// <list type="bullet">
/// <item>Each change of one account is one atomic step: no caller sees, or leaves behind, a part of it. Lists, and
/// <see cref="EndAllAsync"/>, consist of several steps.</item>
/// <item>The store's own clock decides what has expired. Callers pass durations only.</item>
/// <item>From the moment of its expiry, an expired session is treated like an ended one in every method.</item>
/// <item>Only <see cref="CreateAsync"/> creates a session. A late touch never does.</item>
/// <item>A malformed key (wrong length or characters) is an unknown session, not an error.</item>
/// <item>A store that is unavailable, or does not respond in time, throws
/// <see cref="SessionStoreUnavailableException"/>. The outcome is unknown and must never be treated as "no
/// session".</item>
/// <item>With a revocation journal, the methods that revoke return a pending result instead. They throw only if the
/// journal fails, and nothing is revoked then.</item>
/// <item>After a revocation that is not pending has returned, no node accepts the sessions, or the stale claims, in a
/// request that starts later.</item>
/// </list>
/// </remarks>
public interface ISessionStore
{
    /// <summary>
    /// Stores a new session, unless the account has a later generation or as many sessions as it may have. It may end
    /// the account's oldest sessions (<see cref="WhenFull.SignOutOldest"/>).
    /// </summary>
    Task<CreateResult> CreateAsync(NewSession session, CancellationToken cancellationToken);

    /// <summary>Reads a session with its ticket, or how it ended, if the store still knows that.</summary>
    Task<SessionRead> ReadAsync(SessionKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Records that the session is used now: its idle timeout starts again, limited by its absolute expiry.
    /// </summary>
    /// <returns>False if there is no live session with this key. Nothing is created then.</returns>
    Task<bool> TouchAsync(SessionKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the claims in all tickets of an account stale that have a lower version. <see cref="ReadAsync"/> reports
    /// them as stale from now on. A version is never lowered.
    /// </summary>
    Task<RevocationResult> InvalidateClaimsAsync(
        AccountTag account, long claimsVersion, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the ticket of a live session, and its key if the replacement has a new one, unless the session has
    /// claims of this version or a later one.
    /// </summary>
    Task<ReplaceOutcome> ReplaceTicketAsync(
        SessionKey key, TicketReplacement replacement, CancellationToken cancellationToken);

    /// <summary>
    /// Ends one session of an account. Nothing ends if the account has no such session or the handle is malformed.
    /// </summary>
    Task<RevocationResult> EndAsync(
        AccountTag account, string handle, SessionEnd sessionEnd, CancellationToken cancellationToken);

    /// <summary>
    /// Ends the sessions of an account with a generation lower than <paramref name="generation"/>, except
    /// <paramref name="keep"/> (a handle), and raises the account's generation, so that a sign-in that began under a
    /// lower one is refused. A generation is never lowered. The default is the account's next generation: all sessions
    /// end.
    /// </summary>
    Task<RevocationResult> EndAccountAsync(
        AccountTag account, SessionEnd sessionEnd, string? keep = null, long? generation = null,
        CancellationToken cancellationToken = default);

    /// <summary>Ends the sessions of all accounts, except <paramref name="keep"/>.</summary>
    Task<RevocationResult> EndAllAsync(
        SessionEnd sessionEnd, SessionKey? keep = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies a revocation that the caller recorded in the journal, for example in the transaction that changed the
    /// account. It is not recorded again. Applying it twice changes nothing further, provided that it states what to
    /// revoke: a handle, a generation or a claims version.
    /// </summary>
    /// <returns>Pending, not an exception, if the store is unavailable. The journal's retry applies it later.</returns>
    Task<RevocationResult> ApplyAsync(RevocationRequest revocation, CancellationToken cancellationToken);

    /// <summary>
    /// The accounts whose sessions end, on any node, as it happens; null for any account. They are hints to read the
    /// sessions again: after an interruption, during which some may have been missed, null follows.
    /// </summary>
    IAsyncEnumerable<AccountTag?> EndedAccountsAsync(CancellationToken cancellationToken);

    /// <summary>The live sessions of accounts, the last used first. Accounts without sessions are skipped.</summary>
    Task<IReadOnlyList<Session>> ListAsync(
        IReadOnlyCollection<AccountTag> accounts, CancellationToken cancellationToken);

    /// <summary>A page of all live sessions, the last used first.</summary>
    /// <param name="skip">The number of sessions to skip.</param>
    /// <param name="take">The maximum number of sessions to return.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    Task<SessionPage> ListRecentAsync(int skip, int take, CancellationToken cancellationToken);
}
