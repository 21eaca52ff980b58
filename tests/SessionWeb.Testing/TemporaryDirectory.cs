namespace SessionWeb.Testing;

/// <summary>An empty directory that is deleted with everything in it.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("sessionweb-").FullName;

    public string PathOf(params string[] names) => Path.Combine([FullPath, .. names]);

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
