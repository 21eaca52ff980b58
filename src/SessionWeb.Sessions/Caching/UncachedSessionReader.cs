namespace SessionWeb.Sessions.Caching;

/// <summary>Reads the store for each request.</summary>
internal sealed class UncachedSessionReader(ISessionStore store) : ISessionReader
{
    public LoadedSession? Find(ReadOnlySpan<char> cookie) => null;

    public async Task<LoadedSession> ReadAsync(SessionKey key, string cookie, CancellationToken cancellationToken) =>
        LoadedSession.From(await store.ReadAsync(key, cancellationToken));
}
