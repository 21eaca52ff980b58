namespace SessionWeb.Sessions.Events;

/// <summary>What an open page is told: its session ended, or will unless it is used; with neither, only that the node is there.</summary>
internal sealed record PageNews(SessionEnding? Ended = null, Session? Expiring = null)
{
    public static PageNews Beat { get; } = new();

    /// <summary>Both in one; of two of a kind the later.</summary>
    public PageNews And(PageNews later) => new(later.Ended ?? Ended, later.Expiring ?? Expiring);
}
