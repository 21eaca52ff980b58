using System.Diagnostics;

namespace SessionWeb.Tests;

public sealed class NewestRedisClientTests : IDisposable
{
    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("sessionweb-newest-");

    /// <summary>Whoever can restore StackExchange.Redis 3 moves up by changing its version alone.</summary>
    [Fact]
    public async Task Library_compiles_against_the_newest_redis_client()
    {
        var root = PackageTests.RepositoryRoot();
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig" })
            File.Copy(Path.Combine(root, file), Path.Combine(_copy.FullName, file));
        var library = Path.Combine(root, "src", "SessionWeb.Sessions");
        foreach (var file in Directory.EnumerateFiles(library, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(library, file);
            if (relative.Split(Path.DirectorySeparatorChar)[0] is "bin" or "obj")
                continue;
            var target = Path.Combine(_copy.FullName, "library", relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        using var build = Process.Start(new ProcessStartInfo("dotnet", ["build", Path.Combine(_copy.FullName, "library"), "-p:NewestRedisClient=true", "--nologo"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        Assert.True(build.ExitCode == 0, output);
    }

    public void Dispose() => _copy.Delete(recursive: true);
}
