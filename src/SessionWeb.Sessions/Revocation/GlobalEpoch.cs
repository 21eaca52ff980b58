namespace SessionWeb.Sessions.Revocation;

/// <summary>Everyone's generation, as far as this node has heard of it.</summary>
internal sealed class GlobalEpoch
{
    private volatile Epoch _value = Epoch.First;

    public Epoch Value
    {
        get => _value;
        set => _value = value;
    }
}

/// <summary>Everyone's generation, and how the sessions of earlier ones ended.</summary>
internal sealed record Epoch(long Number, string End)
{
    public static readonly Epoch First = new(0, "");
}
