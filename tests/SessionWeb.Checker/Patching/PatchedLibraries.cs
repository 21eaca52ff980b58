namespace SessionWeb.Checker.Patching;

/// <summary>Builds the library with patches applied, one build after the other.</summary>
internal sealed class PatchedLibraries : IDisposable
{
    /// <summary>The patch that delays steps whose order matters, by a random time.</summary>
    public const string Delays = "delays";

    /// <summary>The environment variable that holds the longest of these delays, in milliseconds.</summary>
    public const string DelayVariable = "CHECKER_DELAY_MS";

    private const string Assembly = "SessionWeb.Sessions.dll";

    private readonly LibrarySource _source = new();
    private readonly DirectoryInfo _built = Directory.CreateTempSubdirectory("sessionweb-built-");
    private Task _latest = Task.CompletedTask;
    private int _count;

    /// <summary>Builds in the background, after the builds that were requested before.</summary>
    /// <returns>The path of the library.</returns>
    public Task<string> BuildAsync(IReadOnlyList<string> patches)
    {
        var build = BuildAfterAsync(_latest, patches);
        _latest = build;
        return build;
    }

    public void Dispose()
    {
        // A build that is running reads and writes both folders.
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

    // The packages are those that the build of the checker has restored.
    private async Task CompileAsync(string patches)
    {
        try
        {
            await CommandLineTool.RunAsync(
                "dotnet", "build", _source.Project, "--configuration", "Release", "--output", _source.OutputDirectory,
                "--nologo", "-clp:ErrorsOnly;NoSummary", "-nodeReuse:false", "-p:NuGetAudit=false", "-p:RunAnalyzers=false",
                "-p:TreatWarningsAsErrors=false", "-p:GenerateDocumentationFile=false",
                _count == 0 ? "-p:RestoreIgnoreFailedSources=true" : "--no-restore");
        }
        catch (InvalidOperationException failure)
        {
            throw new InvalidOperationException($"The library does not build with {patches}: {failure.Message}", failure);
        }
    }
}
