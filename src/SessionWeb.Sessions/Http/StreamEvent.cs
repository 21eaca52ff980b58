namespace SessionWeb.Sessions.Http;

/// <summary>
/// What an open page is told: its session ended, or will unless it is used; with neither, only that the node is there.
/// </summary>
internal sealed record StreamEvent(SessionEnd? Ended = null, Session? Expiring = null)
{
    public static StreamEvent Heartbeat { get; } = new();

    /// <summary>Both in one; of two of a kind the later.</summary>
    public StreamEvent Combine(StreamEvent later) => new(later.Ended ?? Ended, later.Expiring ?? Expiring);
}
