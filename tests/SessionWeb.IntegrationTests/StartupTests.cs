using System.Net;
using System.Net.Sockets;

namespace SessionWeb.IntegrationTests;

/// <summary>Starts the app as a process.</summary>
public sealed class StartupTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    [Theory]
    [InlineData("--Sessions:IdleTimeout=soon", "Sessions:IdleTimeout must be a duration such as 00:30:00")]
    [InlineData("--Sessions:IdleTimeout=00:00:00", "Sessions:IdleTimeout must be between 00:00:01 and")]
    [InlineData("--Sessions:MaxPerAccount=many", "Sessions:MaxPerAccount must be a whole number, but was 'many'.")]
    [InlineData(
        "--Sessions:WhenFull=Perhaps", "Sessions:WhenFull must be SignOutOldest or RefuseNew, but was 'Perhaps'.")]
    [InlineData("--Accounts:BcryptCost=4", "Accounts:BcryptCost must be between 10 and 16, but was 4.")]
    [InlineData("--Accounts:Registration=maybe", "Accounts:Registration must be true or false, but was 'maybe'.")]
    [InlineData("--Accounts:Provider=Oracle", "Accounts:Provider must be Sqlite, but was 'Oracle'.")]
    [InlineData("--Node:Name=a b", "Node:Name must be 1 to 64 letters")]
    [InlineData("--Node:ShowInResponses=2", "Node:ShowInResponses must be true or false, but was '2'.")]
    [InlineData("--ForwardedHeaders:KnownProxies=localhost", "ForwardedHeaders:KnownProxies must be IP addresses")]
    [InlineData("--ConnectionStrings:Redis=x=y=z", "ConnectionStrings:Redis must be host:port")]
    [InlineData(
        "--DataProtection:Certificate=/nowhere.pfx", "DataProtection:Certificate must be a readable PKCS#12 file")]
    public Task Invalid_setting_stops_startup_with_one_error(string setting, string error) =>
        AssertStopsStartupAsync(error, setting);

    [Fact]
    public async Task Address_in_use_stops_startup_with_one_error()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await AssertStopsStartupAsync("Urls: ", $"--urls=http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    [Fact]
    public async Task B03_Environment_variable_sets_the_address()
    {
        var url = $"http://127.0.0.1:{FreePort.Next()}";
        using var app = new ChildProcess(
            "dotnet", [Repository.App, "--environment=Development", $"--DataDirectory={_data.FullPath}"],
            new Dictionary<string, string> { ["ASPNETCORE_URLS"] = url });
        await Wait.UntilAsync(
            () =>
                app.Lines.Any(line => line.Contains("Now listening on", StringComparison.Ordinal)
                    && line.EndsWith(url, StringComparison.Ordinal)),
            () => $"the app listens on {url}:\n{app.Output}");
    }

    [Fact]
    public async Task Request_in_flight_completes_before_the_process_stops()
    {
        await using var app = await AppProcess.StartAsync(_data.FullPath, "Development");
        using var client = new HttpClient { BaseAddress = app.Url };

        // Half of the form is sent when the process receives SIGTERM.
        var page = await client.GetStringAsync("/account/login");
        var token = page.Split("__RequestVerificationToken\" type=\"hidden\" value=\"")[1].Split('"')[0];
        using var body = new PausedForm(
            $"Input.UserName=alice&Input.Password=wrong&__RequestVerificationToken={token}");
        var response = client.PostAsync("/account/login", body, TestContext.Current.CancellationToken);
        await body.HalfSent.Task;
        app.Terminate();
        await Wait.UntilAsync(
            async () => !await Loopback.IsListeningAsync(app.Url.Port), "the app accepts no new connections");
        body.Rest.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await response).StatusCode);
        Assert.Contains(
            "The user name or password is incorrect",
            await (await response).Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Equal(0, await app.WaitForExitAsync());
    }

    public void Dispose() => _data.Dispose();

    private async Task AssertStopsStartupAsync(string error, string setting)
    {
        var (code, _, output) = await AppProcess.RunAsync(
            Repository.Root, "", "--environment=Development", $"--DataDirectory={_data.FullPath}",
            "--Accounts:BcryptCost=10", setting);
        Assert.Equal(1, code);
        Assert.StartsWith(error, output, StringComparison.Ordinal);
        Assert.Single(output.TrimEnd('\n').Split('\n'));
    }

    /// <summary>A form that pauses after its first bytes until the test releases the rest.</summary>
    private sealed class PausedForm(string text) : HttpContent
    {
        private readonly byte[] _bytes = System.Text.Encoding.ASCII.GetBytes(text);

        public TaskCompletionSource HalfSent { get; } = new();

        public TaskCompletionSource Rest { get; } = new();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_bytes.AsMemory(0, 10));
            await stream.FlushAsync();
            HalfSent.SetResult();
            await Rest.Task;
            await stream.WriteAsync(_bytes.AsMemory(10));
        }

        protected override bool TryComputeLength(out long length)
        {
            Headers.ContentType = new("application/x-www-form-urlencoded");
            length = _bytes.Length;
            return true;
        }
    }
}
