namespace SessionWeb.Sessions.Caching;

/// <summary>A live session as a node remembers it, with its ticket already read.</summary>
internal sealed class CachedSession(string cookie, AccountTag account, LoadedSession known, long until)
{
    private volatile bool _isInvalidated;
    private volatile bool _wasUsed = true;

    public string Cookie => cookie;

    public AccountTag Account => account;

    public LoadedSession Loaded => known;

    /// <summary>Whether it may still be used at this timestamp.</summary>
    public bool IsFreshAt(long timestamp) => timestamp < until && !_isInvalidated;

    public void Invalidate() => _isInvalidated = true;

    public void Use()
    {
        // Most requests find it set; writing it each time would have the processors fight over the line.
        if (!_wasUsed)
            _wasUsed = true;
    }

    /// <summary>Whether it was used since this was last asked.</summary>
    public bool TakeUsed()
    {
        var used = _wasUsed;
        _wasUsed = false;
        return used;
    }
}
