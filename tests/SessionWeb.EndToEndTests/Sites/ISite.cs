namespace SessionWeb.EndToEndTests.Sites;

/// <summary>A site with open registration, and every URL at which it accepts requests.</summary>
public interface ISite
{
    /// <summary>The URL for users.</summary>
    Uri Url { get; }

    /// <summary><see cref="Url"/> and the URL of each node.</summary>
    IReadOnlyList<Uri> EntryPoints { get; }

    /// <summary>What the nodes have logged so far.</summary>
    string Log { get; }
}
