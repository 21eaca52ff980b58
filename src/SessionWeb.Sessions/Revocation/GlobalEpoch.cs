namespace SessionWeb.Sessions.Revocation;

/// <summary>The epoch that this node knows.</summary>
internal sealed class GlobalEpoch
{
    private volatile Epoch _current = new(0, null);

    public Epoch Current { get => _current; set => _current = value; }
}

/// <summary>A counter for all accounts together, and how sessions of lower epochs ended.</summary>
internal sealed record Epoch(long Number, SessionEnd? End);
