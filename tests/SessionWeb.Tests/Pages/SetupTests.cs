using System.Diagnostics;
using System.Net;

namespace SessionWeb.Tests.Pages;

/// <summary>The first minutes of a production app, as seen through a proxy that speaks https.</summary>
public sealed class SetupTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly Process _app;
    private readonly HttpClient _client = new(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false });

    public SetupTests()
    {
        _app = Process.Start(new ProcessStartInfo("dotnet", [
            Path.Combine(AppContext.BaseDirectory, "SessionWeb.dll"), "--environment=Production", $"--DataDirectory={_data.FullPath}",
            "--Accounts:BcryptCost=10", "--urls=http://127.0.0.1:0", "--ForwardedHeaders:KnownProxies=127.0.0.1"])
        {
            WorkingDirectory = PackageTests.RepositoryRoot(),
            RedirectStandardOutput = true,
        })!;
        _client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
    }

    [Fact]
    public async Task Setup_link_makes_the_first_administrator_and_is_dead_from_then_on()
    {
        var link = await LinkAsync();
        using var page = await _client.GetAsync(link);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());

        using (var refused = await PostAsync(page, link, "root", "short"))
            Assert.Contains("at least 15 characters", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var added = await PostAsync(page, link, "root", "correct horse battery"))
            Assert.Equal("/account/login", added.Headers.Location?.OriginalString);

        using var late = await PostAsync(page, link, "second", "correct horse battery");
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
        using var again = await _client.GetAsync(link);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        using var guessed = await _client.GetAsync(new Uri(link, "/setup?token=guessed"));
        Assert.Equal(HttpStatusCode.NotFound, guessed.StatusCode);
    }

    private async Task<Uri> LinkAsync()
    {
        while (await _app.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)) is { } line)
            if (line.IndexOf("http://", StringComparison.Ordinal) is > 0 and var at && line.Contains("/setup?token=", StringComparison.Ordinal))
                return new Uri(line[at..]);
        throw new InvalidOperationException("The app printed no setup link.");
    }

    private async Task<HttpResponseMessage> PostAsync(HttpResponseMessage page, Uri link, string userName, string password)
    {
        var form = (await page.Content.ReadAsStringAsync()).Split("__RequestVerificationToken\" type=\"hidden\" value=\"")[1].Split('"')[0];
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(link, "/setup"))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["__RequestVerificationToken"] = form,
                ["Token"] = link.Query["?token=".Length..],
                ["Input.UserName"] = userName,
                ["Input.Password"] = password,
                ["Input.ConfirmPassword"] = password,
            }),
        };
        request.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        return await _client.SendAsync(request);
    }

    public void Dispose()
    {
        _client.Dispose();
        _app.Kill();
        _app.WaitForExit();
        _app.Dispose();
        _data.Dispose();
    }
}
