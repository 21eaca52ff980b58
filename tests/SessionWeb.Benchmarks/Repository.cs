using System.Diagnostics;

namespace SessionWeb.Benchmarks;

/// <summary>Paths of this repository.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    /// <summary>The build configuration of this program, Release or Debug.</summary>
    public static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Prepares the start of a .NET program in the repository's root, which contains its settings.</summary>
    public static ProcessStartInfo Dotnet(string assembly, params IEnumerable<string> arguments) =>
        new("dotnet", [assembly, .. arguments]) { WorkingDirectory = Root };

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "SessionWeb.sln")))
            directory = directory.Parent;
        return directory.FullName;
    }
}
