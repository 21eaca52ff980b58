namespace SessionWeb.Checker.Patching;

/// <summary>A temporary copy of the library's sources, to which patches are applied.</summary>
internal sealed class LibrarySource : IDisposable
{
    private const string Library = "src/SessionWeb.Sessions";
    private const string AddedOrChanged = "+++ b/";

    // The build reads these files in addition to the library's folder.
    private static readonly string[] BuildFiles =
        ["Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig"];

    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("sessionweb-patched-");
    private readonly Dictionary<string, string?> _originals = [];

    public LibrarySource()
    {
        foreach (var file in BuildFiles)
            Copy(Path.Combine(Repository.Root, file));
        var folder = Path.Combine(Repository.Root, Library);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
                Copy(file);
        }
    }

    public string Project => PathOf($"{Library}/SessionWeb.Sessions.csproj");

    public string OutputDirectory => PathOf("output");

    /// <summary>The names of all patches, without their extension.</summary>
    public static IReadOnlyList<string> PatchNames { get; } =
    [
        .. Directory.GetFiles(PatchDirectory, "*.patch")
            .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal),
    ];

    private static string PatchDirectory => Path.Combine(Repository.Root, "tests/SessionWeb.Checker/Mutants");

    /// <exception cref="PatchedBuildException">The patch does not apply to the current sources.</exception>
    public async Task ApplyAsync(string patch)
    {
        var file = Path.Combine(PatchDirectory, $"{patch}.patch");
        var targets = File.ReadLines(file).Where(line => line.StartsWith(AddedOrChanged, StringComparison.Ordinal))
            .Select(line => line[AddedOrChanged.Length..]).ToList();
        var before = targets.ToDictionary(target => target, Read);
        foreach (var (target, text) in before)
            _originals.TryAdd(target, text);
        try
        {
            await CommandLineTool.RunAsync("git", "-C", _copy.FullName, "apply", "--whitespace=nowarn", file);
        }
        catch (InvalidOperationException failure)
        {
            throw new PatchedBuildException($"{patch}.patch does not apply: {failure.Message}", failure);
        }
        // Inside another repository, `git apply` skips files without an error.
        if (targets.Count == 0 || targets.Any(target => Read(target) == before[target]))
            throw new PatchedBuildException($"{patch}.patch changes nothing in {string.Join(", ", targets)}.");
    }

    /// <summary>Removes all patches.</summary>
    public void Restore()
    {
        foreach (var (target, text) in _originals)
        {
            if (text is null)
                File.Delete(PathOf(target));
            else
                File.WriteAllText(PathOf(target), text);
        }

        _originals.Clear();
    }

    public void Dispose() => _copy.Delete(recursive: true);

    private string PathOf(string file) => Path.Combine(_copy.FullName, file);

    private string? Read(string file) => File.Exists(PathOf(file)) ? File.ReadAllText(PathOf(file)) : null;

    private void Copy(string file)
    {
        var target = PathOf(Path.GetRelativePath(Repository.Root, file));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(file, target);
    }
}
