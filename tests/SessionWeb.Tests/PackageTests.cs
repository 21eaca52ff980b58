using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace SessionWeb.Tests;

public sealed class PackageTests : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private readonly DirectoryInfo _output = Directory.CreateTempSubdirectory("sessionweb-package-");

    [Fact]
    public async Task Package_of_the_library_carries_readme_and_docs_and_knows_nothing_of_the_app()
    {
        await PackAsync();
        using var package = ZipFile.OpenRead(_output.GetFiles("SessionWeb.Sessions.*.nupkg").Single().FullName);
        using var nuspec = package.Entries.Single(e => e.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        var dependencies = XDocument.Load(nuspec).Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value);

        Assert.True(package.GetEntry("README.md")?.Length > 0);
        Assert.True(package.GetEntry("lib/net10.0/SessionWeb.Sessions.xml")?.Length > 0);
        Assert.Equal(["lib/net10.0/SessionWeb.Sessions.dll"],
            package.Entries.Select(e => e.FullName).Where(name => name.EndsWith(".dll", StringComparison.Ordinal)));
        Assert.Equal(["Microsoft.AspNetCore.DataProtection.StackExchangeRedis", "StackExchange.Redis"], dependencies);
    }

    private async Task PackAsync()
    {
        var library = Path.Combine(RepositoryRoot(), "src", "SessionWeb.Sessions");
        using var pack = Process.Start(new ProcessStartInfo("dotnet",
            ["pack", library, "--no-build", "--configuration", Configuration, "--output", _output.FullName, "--nologo"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await pack.StandardOutput.ReadToEndAsync();
        await pack.WaitForExitAsync();
        Assert.True(pack.ExitCode == 0, output);
    }

    internal static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "SessionWeb.sln")))
            directory = directory.Parent!;
        return directory.FullName;
    }

    public void Dispose() => _output.Delete(recursive: true);
}
