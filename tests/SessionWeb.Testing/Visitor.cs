using System.Net;
using System.Text.RegularExpressions;

namespace SessionWeb.Testing;

/// <summary>
/// A client with cookies that submits forms and does not follow redirects. It sends its cookies to every node. The
/// parameter <c>at</c> is the node; by default, the request goes to the site.
/// </summary>
public sealed partial class Visitor(Uri site, CookieJar? cookies = null, IPAddress? from = null) : IDisposable
{
    public const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private readonly HttpClient _client = Loopback.Client(from);

    public CookieJar Cookies { get; } = cookies ?? new();

    public string UserAgent { get; init; } = Firefox;

    /// <summary>Sent with every request.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>();

    /// <summary>Another client with a copy of this visitor's cookies.</summary>
    public Visitor Replay() => new(site, Cookies.Copy());

    public Task<HttpResponseMessage> GetAsync(string path, Uri? at = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(at ?? site, path)));

    public async Task<string> ReadAsync(string path, Uri? at = null)
    {
        using var response = await GetAsync(path, at);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(
            response.IsSuccessStatusCode, $"{response.RequestMessage!.RequestUri}: {(int)response.StatusCode}\n{text}");
        return text;
    }

    /// <summary>Posts only these fields, without an antiforgery token.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> fields) =>
        PostAsync(path, fields.AsEnumerable());

    /// <inheritdoc cref="PostAsync(string, Dictionary{string, string})"/>
    public Task<HttpResponseMessage> PostAsync(
        string path, IEnumerable<KeyValuePair<string, string>> fields, Uri? at = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(at ?? site, path))
        {
            Content = new FormUrlEncodedContent(fields),
        });

    /// <summary>Submits a form of a page, with the page's antiforgery token.</summary>
    /// <param name="page">The page with the form.</param>
    /// <param name="handler">The page handler; empty for the default.</param>
    /// <param name="fields">The form's fields without the token.</param>
    /// <param name="to">The path that receives the form; the page by default.</param>
    /// <param name="at">The node.</param>
    public async Task<HttpResponseMessage> SubmitAsync(
        string page, string handler = "", Dictionary<string, string>? fields = null, string? to = null,
        Uri? at = null) =>
        await PostAsync(to ?? WithHandler(page, handler), (fields ?? []).Append(await TokenAsync(page, at)), at);

    /// <summary>Submits a form in which a field occurs more than once.</summary>
    public async Task<HttpResponseMessage> SubmitManyAsync(
        string page, string handler, params IEnumerable<(string Name, string Value)> fields) =>
        await PostAsync(
            WithHandler(page, handler),
            fields.Select(field => KeyValuePair.Create(field.Name, field.Value)).Append(await TokenAsync(page)));

    /// <summary>The fields as the page's form sends them, with its antiforgery token.</summary>
    public async Task<Dictionary<string, string>> FormAsync(string page, Dictionary<string, string> fields) =>
        new(fields.Append(await TokenAsync(page)));

    /// <summary>The antiforgery token of a page's first form, as the field to send.</summary>
    public async Task<KeyValuePair<string, string>> TokenAsync(string page, Uri? at = null) =>
        TokenOf(await ReadAsync(page, at));

    /// <inheritdoc cref="TokenAsync"/>
    public static KeyValuePair<string, string> TokenOf(string html) => Token().Match(html) is { Success: true } match
        ? KeyValuePair.Create("__RequestVerificationToken", WebUtility.HtmlDecode(match.Groups[1].Value))
        : throw new InvalidOperationException($"The page has no antiforgery token:\n{html}");

    /// <summary>Signs in.</summary>
    /// <exception cref="Xunit.Sdk.TrueException">The sign-in is refused.</exception>
    public async Task SignInAsync(TestUser user, Uri? at = null)
    {
        using var response = await SubmitSignInAsync(user, at);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.NotNull(Cookies.Session);
    }

    /// <returns>Whether the name and the password were accepted.</returns>
    public async Task<bool> TrySignInAsync(string userName, string password, bool rememberMe = false)
    {
        using var response = await SubmitAsync("/account/login", fields: new()
        {
            ["Input.UserName"] = userName,
            ["Input.Password"] = password,
            ["Input.RememberMe"] = rememberMe ? "true" : "false",
        });
        return response.StatusCode == HttpStatusCode.Found;
    }

    public Task<HttpResponseMessage> SubmitSignInAsync(TestUser user, Uri? at = null) =>
        SubmitSignInAsync(user.UserName, user.Password, at);

    public Task<HttpResponseMessage> SubmitSignInAsync(string userName, string password, Uri? at = null) =>
        SubmitAsync(
            "/account/login", fields: new() { ["Input.UserName"] = userName, ["Input.Password"] = password }, at: at);

    public Task<HttpResponseMessage> SignOutAsync() => SubmitAsync("/account/sessions", to: "/account/logout");

    /// <summary>The handle of this visitor's session; null without one.</summary>
    public async Task<string?> HandleAsync()
    {
        using var response = await GetAsync("/api/me");
        return response.StatusCode == HttpStatusCode.OK
            ? Handle().Match(await response.Content.ReadAsStringAsync()).Groups[1].Value
            : null;
    }

    public void Dispose() => _client.Dispose();

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (!request.RequestUri!.IsAbsoluteUri)
                request.RequestUri = new Uri(site, request.RequestUri);
            if (Cookies.Header.Length > 0)
                request.Headers.TryAddWithoutValidation("Cookie", Cookies.Header);
            request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
            foreach (var (name, value) in Headers)
                request.Headers.TryAddWithoutValidation(name, value);
            var response = await _client.SendAsync(request);
            Cookies.Keep(response);
            return response;
        }
    }

    private static string WithHandler(string page, string handler) =>
        handler.Length == 0
            ? page
            : $"{page}{(page.Contains('?', StringComparison.Ordinal) ? '&' : '?')}handler={handler}";

    [GeneratedRegex("""<input[^>]*name="__RequestVerificationToken"[^>]*value="([^"]+)""")]
    private static partial Regex Token();

    [GeneratedRegex("\"session\":\"([^\"]+)\"")]
    private static partial Regex Handle();
}
