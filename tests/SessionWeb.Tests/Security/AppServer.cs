using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SessionWeb.Tests.Pages;
using SessionWeb.Tests.Servers;

namespace SessionWeb.Tests.Security;

/// <summary>The app as a process with the settings of one test, its log, and requests as bytes.</summary>
internal sealed class AppServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _log = [];
    private readonly Process _process;

    private AppServer(int port, string directory, string environment, string[] settings)
    {
        Url = new($"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo("dotnet", [
            Path.Combine(AppContext.BaseDirectory, "SessionWeb.dll"), $"--environment={environment}", $"--DataDirectory={directory}",
            "--Accounts:BcryptCost=10", $"--urls={Url.GetLeftPart(UriPartial.Authority)}", .. settings])
        {
            WorkingDirectory = PackageTests.RepositoryRoot(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Collect;
        _process.ErrorDataReceived += Collect;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Url { get; }

    public IReadOnlyCollection<string> Log => _log;

    /// <summary>Starts the app and waits until it answers.</summary>
    public static async Task<AppServer> StartAsync(string directory, string environment, params string[] settings)
    {
        var app = new AppServer(RedisServer.FreePort(), directory, environment, settings);
        try
        {
            await app.ReadyAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public Person NewPerson() => new(Url);

    /// <summary>Sends a request as it is and reads the response until the server closes the connection.</summary>
    public async Task<string> SendAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Url.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var response = new MemoryStream();
        await stream.CopyToAsync(response);
        return Encoding.Latin1.GetString(response.ToArray());
    }

    /// <summary>SIGTERM, as an administrator stops the app.</summary>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("kill", $"-TERM {_process.Id}"))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = Url };
        await Eventually.TrueAsync(async () =>
        {
            Assert.False(_process.HasExited, string.Join('\n', Log));
            try
            {
                return (await client.GetAsync("/health/live")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "the app answers", TimeSpan.FromMinutes(2));
    }

    private void Collect(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is not null)
            _log.Enqueue(e.Data);
    }
}
