namespace SessionWeb.Checker.Patching;

/// <summary>Builds the library with patches applied.</summary>
internal sealed class PatchedLibraries : IDisposable
{
    /// <summary>The patch that adds random delays between steps whose order matters.</summary>
    public const string Delays = "delays";

    /// <summary>The environment variable that holds the longest of these delays, in milliseconds.</summary>
    public const string DelayVariable = "CHECKER_DELAY_MS";

    private const string Assembly = "SessionWeb.Sessions.dll";

    private readonly LibrarySource _source = new();
    private readonly DirectoryInfo _built = Directory.CreateTempSubdirectory("sessionweb-built-");
    private Task _latest = Task.CompletedTask;
    private int _count;

    /// <summary>Starts a build in the background. Builds run one after another.</summary>
    /// <returns>The path of the library.</returns>
    /// <exception cref="PatchedBuildException">A patch does not apply, or the build failed.</exception>
    public Task<string> BuildAsync(IReadOnlyList<string> patches)
    {
        var build = BuildAfterAsync(_latest, patches);
        _latest = build;
        return build;
    }

    public void Dispose()
    {
        // A build in progress uses both folders.
        _latest.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        _source.Dispose();
        _built.Delete(recursive: true);
    }

    private async Task<string> BuildAfterAsync(Task previous, IReadOnlyList<string> patches)
    {
        await previous.ContinueWith(_ => { }, TaskScheduler.Default);
        try
        {
            foreach (var patch in patches)
                await _source.ApplyAsync(patch);
            await CompileAsync(string.Join(" + ", patches));
        }
        finally
        {
            _source.Restore();
        }
        var library = Path.Combine(_built.CreateSubdirectory($"{_count++}").FullName, Assembly);
        File.Copy(Path.Combine(_source.OutputDirectory, Assembly), library);
        return library;
    }

    // Offline: the packages are in the local package folder since the checker was built.
    private async Task CompileAsync(string patches)
    {
        try
        {
            await CommandLineTool.RunAsync(
                "dotnet", "build", _source.Project, "--configuration", "Release", "--output", _source.OutputDirectory,
                "--nologo", "-clp:ErrorsOnly;NoSummary", "-nodeReuse:false", "-p:NuGetAudit=false",
                "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-p:GenerateDocumentationFile=false",
                _count == 0 ? "-p:RestoreIgnoreFailedSources=true" : "--no-restore");
        }
        catch (InvalidOperationException failure)
        {
            throw new PatchedBuildException($"The library does not build with {patches}: {failure.Message}", failure);
        }
    }
}
