namespace SessionWeb.EndToEndTests.Sites;

/// <summary>A farm with open registration.</summary>
public class FarmSite : Farm, ISite
{
    public FarmSite() => SiteSettings.Open(Set);

    public IReadOnlyList<Uri> Entrances => [Url, .. Nodes.Values];

    public string Log => LogOf("node-*");

    /// <summary>The logs of some of the farm's parts.</summary>
    public string LogOf(string parts) => string.Concat(
        Directory.EnumerateFiles(Path.Combine(DataDirectory, "logs"), parts + ".log").Order(StringComparer.Ordinal).Select(ReadShared));

    private static string ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
