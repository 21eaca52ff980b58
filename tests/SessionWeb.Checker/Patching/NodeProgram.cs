using IO = System.IO;

namespace SessionWeb.Checker.Patching;

/// <summary>The program that a node runs: the checker, or a copy of it with a patched library.</summary>
internal sealed class NodeProgram : IDisposable
{
    private static readonly string Checker = typeof(NodeProgram).Assembly.Location;

    private readonly DirectoryInfo? _copy;

    private NodeProgram(DirectoryInfo? copy, int maxDelayMs) => (_copy, MaxDelayMs) = (copy, maxDelayMs);

    public static NodeProgram Unpatched { get; } = new(copy: null, maxDelayMs: 0);

    public string Path => _copy is null ? Checker : IO.Path.Combine(_copy.FullName, IO.Path.GetFileName(Checker));

    /// <summary>The longest delay that the patch "delays" adds, in milliseconds.</summary>
    public int MaxDelayMs { get; }

    public static NodeProgram WithLibrary(string library, int maxDelayMs)
    {
        var source = AppContext.BaseDirectory;
        var copy = Directory.CreateTempSubdirectory("sessionweb-node-");
        foreach (var file in Directory.GetFiles(source))
            File.Copy(file, IO.Path.Combine(copy.FullName, IO.Path.GetFileName(file)));
        // Native libraries.
        Directory.CreateSymbolicLink(IO.Path.Combine(copy.FullName, "runtimes"), IO.Path.Combine(source, "runtimes"));
        File.Copy(library, IO.Path.Combine(copy.FullName, IO.Path.GetFileName(library)), overwrite: true);
        return new(copy, maxDelayMs);
    }

    public void Dispose() => _copy?.Delete(recursive: true);
}
