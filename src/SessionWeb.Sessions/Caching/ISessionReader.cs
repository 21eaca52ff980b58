namespace SessionWeb.Sessions.Caching;

/// <summary>
/// Reads the sessions of requests. Implemented by <see cref="CachedSessionStore"/> for Redis, and by
/// <see cref="UncachedSessionReader"/> for other stores.
/// </summary>
internal interface ISessionReader
{
    /// <summary>
    /// The live session of a cookie's value if this node has it in its cache and may use it; else null.
    /// </summary>
    LoadedSession? Find(ReadOnlySpan<char> cookie);

    /// <summary>Reads the session from the store.</summary>
    /// <param name="key">The key that the cookie's value contains.</param>
    /// <param name="cookie">The cookie's value.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <exception cref="SessionStoreUnavailableException">The store is unavailable.</exception>
    Task<LoadedSession> ReadAsync(SessionKey key, string cookie, CancellationToken cancellationToken);
}
