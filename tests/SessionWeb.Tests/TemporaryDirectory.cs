namespace SessionWeb.Tests;

internal sealed class TemporaryDirectory : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("sessionweb-").FullName;

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
