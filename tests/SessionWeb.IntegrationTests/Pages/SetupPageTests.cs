using System.Net;

namespace SessionWeb.IntegrationTests.Pages;

/// <summary>The setup page of a new production app behind an https proxy.</summary>
public sealed class SetupPageTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly AppProcess _app;
    private readonly HttpClient _client = new(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false });

    public SetupPageTests()
    {
        _app = new(_data.FullPath, "Production", "--ForwardedHeaders:KnownProxies=127.0.0.1");
        _app.Launch();
        _client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
    }

    [Fact]
    public async Task Setup_link_adds_the_first_administrator_once()
    {
        var link = await LinkAsync();
        using var page = await _client.GetAsync(link);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());

        using (var refused = await PostAsync(page, link, "root", "short"))
        {
            Assert.Contains(
                "at least 15 characters", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

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
        var line = "";
        await Wait.UntilAsync(
            () => (line = _app.Log.FirstOrDefault(logged => logged.Contains("/setup?token=", StringComparison.Ordinal))
                ?? "").Length > 0,
            () => $"the app logs the setup link:\n{_app.Output}");
        return new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..]);
    }

    private async Task<HttpResponseMessage> PostAsync(
        HttpResponseMessage page, Uri link, string userName, string password)
    {
        var form = (await page.Content.ReadAsStringAsync())
            .Split("__RequestVerificationToken\" type=\"hidden\" value=\"")[1].Split('"')[0];
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

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        _data.Dispose();
    }
}
