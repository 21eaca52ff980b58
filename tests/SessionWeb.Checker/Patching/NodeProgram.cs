using System.Reflection;

namespace SessionWeb.Checker.Patching;

/// <summary>The program that a node runs: the checker itself, or a copy of it with a patched library.</summary>
internal sealed class NodeProgram : IDisposable
{
    private static readonly string Checker = Assembly.GetExecutingAssembly().Location;

    private readonly DirectoryInfo? _copy;

    private NodeProgram(DirectoryInfo? copy, int delayMs) => (_copy, DelayMs) = (copy, delayMs);

    public static NodeProgram Unpatched { get; } = new(copy: null, delayMs: 0);

    /// <summary>The program's path.</summary>
    public string Path => _copy is null ? Checker : System.IO.Path.Combine(_copy.FullName, System.IO.Path.GetFileName(Checker));

    /// <summary>The longest delay that the patched library adds.</summary>
    public int DelayMs { get; }

    public static NodeProgram WithLibrary(string library, int delayMs)
    {
        var program = new NodeProgram(Directory.CreateTempSubdirectory("sessionweb-node-"), delayMs);
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory))
            File.Copy(file, System.IO.Path.Combine(program._copy!.FullName, System.IO.Path.GetFileName(file)));
        // Native libraries.
        var runtimes = System.IO.Path.Combine(AppContext.BaseDirectory, "runtimes");
        Directory.CreateSymbolicLink(System.IO.Path.Combine(program._copy!.FullName, "runtimes"), runtimes);
        File.Copy(library, System.IO.Path.Combine(program._copy.FullName, System.IO.Path.GetFileName(library)), overwrite: true);
        return program;
    }

    public void Dispose() => _copy?.Delete(recursive: true);
}
