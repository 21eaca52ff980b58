namespace SessionWeb.BrowserTests.Running;

internal static class Repository
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    public static string Root { get; } = Find();

    public static string App { get; } = Path.Combine(Root, "src", "SessionWeb", "bin", Configuration, "net10.0", "SessionWeb.dll");

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "SessionWeb.sln")))
                return directory.FullName;
        throw new InvalidOperationException($"No SessionWeb.sln above {AppContext.BaseDirectory}.");
    }
}
