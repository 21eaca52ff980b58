using System.Diagnostics;
using System.Runtime.Versioning;
using SessionWeb.Tests.Servers;

namespace SessionWeb.Tests.Data;

/// <summary>The app as a process under the umask 0, in a data directory that everyone can enter.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FileModeTests : IDisposable
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly string[] Expected = ["sessionweb.db", "sessionweb.db-wal", "sessionweb.db-shm", "sessionweb.db.migration-lock"];

    private readonly TemporaryDirectory _directory = new();
    private readonly string _data;

    public FileModeTests()
    {
        _data = Directory.CreateDirectory(Path.Combine(_directory.FullPath, "data")).FullName;
        File.SetUnixFileMode(_data, File.GetUnixFileMode(_data) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task B12_Files_are_for_their_owner_only(bool existing)
    {
        if (existing)
        {
            await RunAsync(() => Task.CompletedTask);
            foreach (var file in Files())
                File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
        await RunAsync(() =>
        {
            var files = Files();
            foreach (var name in Expected)
                Assert.Contains(Path.Combine(_data, name), files);
            Assert.Contains(files, file => file.EndsWith(".xml", StringComparison.Ordinal));
            Assert.All(files, file => Assert.True((Mode(file) & Others) == 0, $"{file}: {Mode(file)}"));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task B12_Open_data_directory_is_one_warning_with_the_remedy()
    {
        var log = await RunAsync(() => Task.CompletedTask);
        Assert.Single(log.Split('\n'), line => line.Contains($"chmod 700 {_data}", StringComparison.Ordinal));
        File.SetUnixFileMode(_data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.DoesNotContain("chmod", await RunAsync(() => Task.CompletedTask), StringComparison.Ordinal);
    }

    private string[] Files() => Directory.GetFiles(_data, "*", SearchOption.AllDirectories);

    private static UnixFileMode Mode(string file) => File.GetUnixFileMode(file);

    /// <summary>Runs the app until it has served the sign-in page, and looks at its files then.</summary>
    /// <returns>What it logged.</returns>
    private async Task<string> RunAsync(Func<Task> look)
    {
        var url = new Uri($"http://localhost:{RedisServer.FreePort()}");
        var app = Path.Combine(AppContext.BaseDirectory, "SessionWeb.dll");
        var start = new ProcessStartInfo("sh", [
            "-c", "umask 0; exec dotnet \"$@\"", "sh", app, "--environment=Development", $"--DataDirectory={_data}", "--Accounts:BcryptCost=10",
            $"--urls={url.GetLeftPart(UriPartial.Authority)}"])
        {
            WorkingDirectory = PackageTests.RepositoryRoot(),
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var log = process.StandardOutput.ReadToEndAsync();
        try
        {
            using var client = new HttpClient();
            await Eventually.TrueAsync(async () =>
            {
                Assert.False(process.HasExited);
                try
                {
                    return (await client.GetAsync(new Uri(url, "/account/login"))).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            }, "the app answers");
            await look();
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        return await log;
    }

    public void Dispose() => _directory.Dispose();
}
