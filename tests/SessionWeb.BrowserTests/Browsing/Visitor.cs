using System.Net;
using System.Text.RegularExpressions;
using SessionWeb.BrowserTests.Running;

namespace SessionWeb.BrowserTests.Browsing;

/// <summary>
/// Somebody without a browser: follows no redirect, and takes its cookies to whatever node it is sent to.
/// <c>at</c> is that node; without it, the site that the visitor came for.
/// </summary>
public sealed partial class Visitor(Uri site, CookieJar? cookies = null, IPAddress? from = null) : IDisposable
{
    private readonly HttpClient _client = Loopback.Client(from);

    public CookieJar Cookies { get; } = cookies ?? new();

    /// <summary>Sent with every request.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>();

    /// <summary>Somebody else who holds the same cookies as this visitor now.</summary>
    public Visitor Replay() => new(site, Cookies.Copy());

    public Task<HttpResponseMessage> GetAsync(string path, Uri? at = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(at ?? site, path)));

    public async Task<string> ReadAsync(string path, Uri? at = null)
    {
        using var response = await GetAsync(path, at);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.RequestMessage!.RequestUri}: {(int)response.StatusCode}\n{text}");
        return text;
    }

    /// <summary>Posts these fields alone: no antiforgery token unless it is among them.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> fields, Uri? at = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(at ?? site, path)) { Content = new FormUrlEncodedContent(fields) });

    /// <summary>Fills in a form as a browser would: opens its page first, and sends that page's token along.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string page, IEnumerable<KeyValuePair<string, string>> fields, string handler = "", Uri? at = null) =>
        await PostAsync(handler.Length > 0 ? $"{page}?handler={handler}" : page, fields.Append(await TokenAsync(page, at)), at);

    /// <summary>The antiforgery token of a page's first form, as the field to send.</summary>
    public async Task<KeyValuePair<string, string>> TokenAsync(string page, Uri? at = null)
    {
        var html = await ReadAsync(page, at);
        var match = Token().Match(html);
        return match.Success
            ? KeyValuePair.Create("__RequestVerificationToken", WebUtility.HtmlDecode(match.Groups[1].Value))
            : throw new InvalidOperationException($"No antiforgery token in {page}:\n{html}");
    }

    public Task<HttpResponseMessage> SignInAsync(DemoAccount account, Uri? at = null) => SignInAsync(account.UserName, account.Password, at);

    public Task<HttpResponseMessage> SignInAsync(string userName, string password, Uri? at = null) =>
        SubmitAsync("/account/login", new Dictionary<string, string> { ["Input.UserName"] = userName, ["Input.Password"] = password }, at: at);

    public void Dispose() => _client.Dispose();

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (Cookies.Header.Length > 0)
                request.Headers.TryAddWithoutValidation("Cookie", Cookies.Header);
            foreach (var (name, value) in Headers)
                request.Headers.TryAddWithoutValidation(name, value);
            var response = await _client.SendAsync(request);
            Cookies.Keep(response);
            return response;
        }
    }

    [GeneratedRegex("""<input[^>]*name="__RequestVerificationToken"[^>]*value="([^"]+)""")]
    private static partial Regex Token();
}
