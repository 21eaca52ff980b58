using SessionWeb.Sessions.Cookies;

namespace SessionWeb.Sessions.Revoking;

/// <summary>A live session as a node remembers it, with its ticket already read.</summary>
internal sealed class CachedSession(string cookie, AccountTag account, KnownSession known, long until)
{
    private volatile bool _isForgotten;
    private volatile bool _wasUsed = true;

    public string Cookie => cookie;

    public AccountTag Account => account;

    public KnownSession Known => known;

    /// <summary>Whether it may still be used at this timestamp.</summary>
    public bool IsFreshAt(long timestamp) => timestamp < until && !_isForgotten;

    public void Forget() => _isForgotten = true;

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
