namespace SessionWeb.Benchmarks;

/// <summary>The app as built from one revision of this repository.</summary>
internal sealed class Revision : IDisposable
{
    /// <summary>The revision of this program.</summary>
    public static readonly Revision This = new("this", Repository.Root, Repository.Configuration, null);

    private readonly DirectoryInfo? _folder;
    private readonly string _configuration;

    private Revision(string name, string root, string configuration, DirectoryInfo? folder)
    {
        (Name, Root, _configuration, _folder) = (name, root, configuration, folder);
        if (folder is not null)
            AppDomain.CurrentDomain.ProcessExit += Remove;
    }

    public string Name { get; }

    /// <summary>The folder with its sources and settings, where its app starts.</summary>
    public string Root { get; }

    public string App => Path.Combine(Root, "src", "SessionWeb", "bin", _configuration, "net10.0", "SessionWeb.dll");

    /// <summary>The commit of a reference; null if there is none.</summary>
    public static string? CommitOf(string reference)
    {
        var (exitCode, output) = Run(
            "git", "rev-parse", "--verify", "--quiet", "--end-of-options", $"{reference}^{{commit}}");
        return exitCode == 0 ? output.Trim() : null;
    }

    /// <summary>Builds another revision in a temporary folder, which <see cref="Dispose"/> deletes.</summary>
    /// <exception cref="InvalidOperationException">The revision does not exist, or its build fails.</exception>
    public static Revision Build(string reference)
    {
        var commit = CommitOf(reference)
            ?? throw new InvalidOperationException($"There is no revision '{reference}' in {Repository.Root}.");
        var folder = Directory.CreateTempSubdirectory("sessionweb-revision-");
        var revision = new Revision(reference, folder.FullName, "Release", folder);
        try
        {
            var archive = Path.Combine(folder.FullName, "revision.tar");
            Require("git", "archive", "--format=tar", $"--output={archive}", commit);
            Require("tar", "-xf", archive, "-C", folder.FullName);
            Require(
                "dotnet", "build", Path.Combine(folder.FullName, "src", "SessionWeb"),
                "--configuration", "Release", "-nodeReuse:false", "--nologo", "--verbosity", "quiet");
            return revision;
        }
        catch
        {
            revision.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Remove;
        Remove(null, EventArgs.Empty);
    }

    private void Remove(object? sender, EventArgs e)
    {
        if (_folder is { } folder && Directory.Exists(folder.FullName))
            folder.Delete(recursive: true);
    }

    private static void Require(string program, params string[] arguments)
    {
        if (Run(program, arguments) is (not 0, var output))
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed:\n{output}");
    }

    private static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        using var process = new ChildProcess(program, arguments);
        process.WaitForExit();
        return (process.ExitCode, process.StandardOutput);
    }
}
