namespace SessionWeb.Sessions.Revoking;

/// <summary>Everyone's generation, as far as this node has heard of it.</summary>
internal sealed class CurrentEveryone
{
    private volatile Everyone _value = Everyone.First;

    public Everyone Value
    {
        get => _value;
        set => _value = value;
    }
}

/// <summary>Everyone's generation, and how the sessions of earlier ones ended.</summary>
internal sealed record Everyone(long Generation, string Ending)
{
    public static readonly Everyone First = new(0, "");
}
