namespace SessionWeb.EndToEndTests.Sites;

/// <summary>A site with open registration, and every address at which it can be entered.</summary>
public interface ISite
{
    /// <summary>The address for users.</summary>
    Uri Url { get; }

    /// <summary><see cref="Url"/> and the address of each node.</summary>
    IReadOnlyList<Uri> Entrances { get; }

    /// <summary>What the nodes have logged so far.</summary>
    string Log { get; }
}
