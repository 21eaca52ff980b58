using System.Diagnostics;

namespace SessionWeb.Benchmarks;

/// <summary>Where things lie in this repository.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    /// <summary>Release or Debug, as this program was built.</summary>
    public static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Starts a program of .NET in the repository's root, whose settings it gets.</summary>
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
