namespace SessionWeb.Testing;

/// <summary>Paths in this repository.</summary>
public static class Repository
{
    /// <summary>The directory of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The build configuration of this program: Release or Debug.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The assembly of the app: as built, or precompiled from it by <c>tests/precompile.sh</c>.</summary>
    public static string App { get; } =
        Precompiled is null ? AssemblyOf("src", "SessionWeb") : Path.Combine(Precompiled, "built", "SessionWeb.dll");

    /// <summary>The directory of the precompiled app, published as by farm.sh; null if there is none.</summary>
    public static string? PublishedApp { get; } = Precompiled is null ? null : Path.Combine(Precompiled, "published");

    /// <summary>Files that an earlier revision wrote and tests read.</summary>
    public static string Fixtures { get; } = Path.Combine(Root, "tests", "SessionWeb.IntegrationTests", "Fixtures");

    /// <summary>The path of a project's assembly.</summary>
    public static string AssemblyOf(string folder, string project) =>
        Path.Combine(Root, folder, project, "bin", Configuration, "net10.0", project + ".dll");

    // Only test.sh sets it, directly after its build, so the precompiled app is never older than the built one.
    private static string? Precompiled =>
        Environment.GetEnvironmentVariable("SESSIONWEB_PRECOMPILED") is { Length: > 0 } directory ? directory : null;

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory);
            directory is not null;
            directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "SessionWeb.sln")))
                return directory.FullName;
        }

        throw new InvalidOperationException($"No SessionWeb.sln above {AppContext.BaseDirectory}.");
    }
}
