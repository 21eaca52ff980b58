namespace SessionWeb.Sessions.Http;

/// <summary>
/// An event of a stream: its session ended, or will expire unless it is used. With neither, it is a heartbeat.
/// </summary>
internal sealed record StreamEvent(SessionEnd? Ended = null, Session? Expiring = null)
{
    public static StreamEvent Heartbeat { get; } = new();

    /// <summary>Two events as one. Of two of a kind, the later one remains.</summary>
    public StreamEvent Combine(StreamEvent later) => new(later.Ended ?? Ended, later.Expiring ?? Expiring);
}
