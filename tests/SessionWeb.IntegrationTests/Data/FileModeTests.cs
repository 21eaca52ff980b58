using System.Runtime.Versioning;

namespace SessionWeb.IntegrationTests.Data;

/// <summary>The app as a process with umask 0 and an accessible data directory.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FileModeTests : IDisposable
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly string[] Expected =
        ["sessionweb.db", "sessionweb.db-wal", "sessionweb.db-shm", "sessionweb.db.migration-lock"];

    private readonly TemporaryDirectory _directory = new();
    private readonly string _data;

    public FileModeTests()
    {
        _data = Directory.CreateDirectory(Path.Combine(_directory.FullPath, "data")).FullName;
        File.SetUnixFileMode(
            _data,
            File.GetUnixFileMode(_data) | UnixFileMode.GroupExecute
                | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task B12_Files_are_accessible_only_to_their_owner(bool existing)
    {
        if (existing)
        {
            await RunAsync();
            foreach (var file in Files())
            {
                File.SetUnixFileMode(
                    file, File.GetUnixFileMode(file) | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            }
        }
        await RunAsync(() =>
        {
            var files = Files();
            foreach (var name in Expected)
                Assert.Contains(Path.Combine(_data, name), files);
            Assert.Contains(files, file => file.EndsWith(".xml", StringComparison.Ordinal));
            Assert.All(files, file => Assert.True((Mode(file) & Others) == UnixFileMode.None, $"{file}: {Mode(file)}"));
        });
    }

    [Fact]
    public async Task B12_Accessible_data_directory_logs_one_warning()
    {
        var log = await RunAsync();
        Assert.Single(log.Split('\n'), line => line.Contains($"chmod 700 {_data}", StringComparison.Ordinal));
        File.SetUnixFileMode(_data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.DoesNotContain("chmod", await RunAsync(), StringComparison.Ordinal);
    }

    private string[] Files() => Directory.GetFiles(_data, "*", SearchOption.AllDirectories);

    private static UnixFileMode Mode(string file) => File.GetUnixFileMode(file);

    /// <summary>Runs the app until it serves the sign-in page, then inspects its files.</summary>
    /// <returns>Its log.</returns>
    private async Task<string> RunAsync(Action? look = null)
    {
        var url = new Uri($"http://localhost:{FreePort.Next()}");
        using var app = new ChildProcess("sh", [
            "-c", "umask 0; exec dotnet \"$@\"", "sh", Repository.App, "--environment=Development",
            $"--DataDirectory={_data}", "--Accounts:BcryptCost=10", $"--urls={url.GetLeftPart(UriPartial.Authority)}"]);
        await Wait.UntilAsync(
            async () => app.HasExited || await Loopback.RespondsAsync(new Uri(url, "/account/login")),
            () => $"the app responds:\n{app.Output}");
        look?.Invoke();
        app.Kill();
        return app.Output;
    }

    public void Dispose() => _directory.Dispose();
}
