namespace SessionWeb.EndToEndTests.Sites;

/// <summary>A farm with open registration.</summary>
public class FarmSite : Farm, ISite
{
    public FarmSite() => SiteSettings.SetTestDefaults(Set);

    public IReadOnlyList<Uri> EntryPoints => [Url, .. Nodes.Values];

    public string Log => LogOf("node-*");

    /// <summary>The logs of the farm's parts whose names match the pattern.</summary>
    public string LogOf(string pattern) => string.Concat(
        Directory.EnumerateFiles(Path.Combine(DataDirectory, "logs"), pattern + ".log")
            .Order(StringComparer.Ordinal)
            .Select(ReadShared));

    private static string ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
