using System.IO.Compression;
using System.Xml.Linq;

namespace SessionWeb.PackagingTests;

public sealed class PackageTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly TemporaryDirectory _output = new();

    [Fact]
    public async Task Library_package_has_docs_and_no_app_dependency()
    {
        await PackAsync();
        var path = Directory.GetFiles(_output.FullPath, "SessionWeb.Sessions.*.nupkg").Single();
        using var package = ZipFile.OpenRead(path);
        using var nuspec = package.Entries.Single(e => e.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        var dependencies = XDocument.Load(nuspec).Descendants()
            .Where(e => e.Name.LocalName == "dependency")
            .Select(e => e.Attribute("id")!.Value);

        Assert.True(package.GetEntry("README.md")?.Length > 0);
        Assert.True(package.GetEntry("lib/net10.0/SessionWeb.Sessions.xml")?.Length > 0);
        Assert.Equal(
            ["lib/net10.0/SessionWeb.Sessions.dll"],
            package.Entries.Select(e => e.FullName).Where(name => name.EndsWith(".dll", StringComparison.Ordinal)));
        Assert.Equal(["Microsoft.AspNetCore.DataProtection.StackExchangeRedis", "StackExchange.Redis"], dependencies);
    }

    private async Task PackAsync()
    {
        var library = Path.Combine(Repository.Root, "src", "SessionWeb.Sessions");
        using var pack = new ChildProcess("dotnet", [
            "pack", library, "--no-build", "--configuration", Repository.Configuration,
            "--output", _output.FullPath, "--nologo"]);
        Assert.True(await pack.WaitForExitAsync(Deadline) == 0, pack.Output);
    }

    public void Dispose() => _output.Dispose();
}
