namespace SessionWeb.Sessions.Caching;

/// <summary>A live session in the cache.</summary>
/// <param name="cookie">The cookie's value.</param>
/// <param name="loaded">The session.</param>
/// <param name="until">The timestamp from which it may not be used.</param>
internal sealed class CachedSession(string cookie, LoadedSession loaded, long until)
{
    private volatile bool _isInvalidated;
    private volatile bool _wasUsed = true;

    public string Cookie => cookie;

    public AccountTag Account => loaded.Read.Session!.Key.Account;

    public LoadedSession Loaded => loaded;

    /// <summary>Whether it may be used at this timestamp.</summary>
    public bool IsFreshAt(long timestamp) => timestamp < until && !_isInvalidated;

    public void Invalidate() => _isInvalidated = true;

    public void Use()
    {
        // Usually it is set already. Writing it each time would make the processors contend for the cache line.
        if (!_wasUsed)
            _wasUsed = true;
    }

    /// <summary>Whether it was used since the last call.</summary>
    public bool TakeUsed()
    {
        var used = _wasUsed;
        _wasUsed = false;
        return used;
    }
}
