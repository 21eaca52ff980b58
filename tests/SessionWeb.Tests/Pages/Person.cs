using System.Net;
using System.Text.RegularExpressions;

namespace SessionWeb.Tests.Pages;

/// <summary>Somebody with a cookie jar, who fills in the forms of pages and follows no redirect.</summary>
public sealed partial class Person(Uri site) : IDisposable
{
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false };
    private HttpClient? _client;

    public string UserAgent { get; init; } = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    /// <summary>Sent with every request; set before the first one.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    public IEnumerable<string> Cookies => _handler.CookieContainer.GetCookies(site).Select(cookie => cookie.Value);

    public string CookieHeader => _handler.CookieContainer.GetCookieHeader(site);

    private HttpClient Client => _client ??= NewClient();

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(path);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => Client.SendAsync(request);

    public async Task<string> ReadAsync(string path)
    {
        using var response = await GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {response.StatusCode}\n{text}");
        return text;
    }

    public async Task<HttpResponseMessage> SubmitAsync(string page, string handler, Dictionary<string, string>? fields = null, string? to = null) =>
        await PostAsync(to ?? (handler.Length > 0 ? $"{page}?handler={handler}" : page), await FormAsync(page, fields ?? []));

    /// <summary>The fields as the page's form sends them, with its token.</summary>
    public async Task<Dictionary<string, string>> FormAsync(string page, Dictionary<string, string> fields)
    {
        var token = Token().Match(await ReadAsync(page)).Groups[1].Value;
        return new(fields) { ["__RequestVerificationToken"] = WebUtility.HtmlDecode(token) };
    }

    /// <summary>Submits a form in which a field occurs more than once.</summary>
    public async Task<HttpResponseMessage> SubmitManyAsync(string page, string handler, params IEnumerable<(string Name, string Value)> fields)
    {
        var token = WebUtility.HtmlDecode(Token().Match(await ReadAsync(page)).Groups[1].Value);
        using var content = new FormUrlEncodedContent(
            fields.Append(("__RequestVerificationToken", token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        return await Client.PostAsync($"{page}{(page.Contains('?', StringComparison.Ordinal) ? '&' : '?')}handler={handler}", content);
    }

    /// <summary>Posts these fields alone, without a token.</summary>
    public async Task<HttpResponseMessage> PostAsync(string address, Dictionary<string, string> fields)
    {
        using var content = new FormUrlEncodedContent(fields);
        return await Client.PostAsync(address, content);
    }

    /// <returns>Whether it led somewhere.</returns>
    public async Task<bool> SignInAsync(string userName, string password, bool rememberMe = false)
    {
        using var response = await SubmitAsync(
            "/account/login", "", new() { ["Input.UserName"] = userName, ["Input.Password"] = password, ["Input.RememberMe"] = rememberMe ? "true" : "false" });
        return response.StatusCode == HttpStatusCode.Found;
    }

    public Task<HttpResponseMessage> SignOutAsync() => SubmitAsync("/account/sessions", "", to: "/account/logout");

    /// <summary>The public handle of this person's session; null without one.</summary>
    public async Task<string?> HandleAsync()
    {
        using var response = await GetAsync("/api/me");
        return response.StatusCode == HttpStatusCode.OK ? Handle().Match(await response.Content.ReadAsStringAsync()).Groups[1].Value : null;
    }

    public void Dispose()
    {
        _client?.Dispose();
        _handler.Dispose();
    }

    private HttpClient NewClient()
    {
        var client = new HttpClient(_handler) { BaseAddress = site };
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", UserAgent);
        foreach (var (name, value) in Headers)
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        return client;
    }

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="([^"]+)""")]
    private static partial Regex Token();

    [GeneratedRegex("\"session\":\"([^\"]+)\"")]
    private static partial Regex Handle();
}
