using System.Net;
using System.Text.RegularExpressions;

namespace SessionWeb.Checker.App;

/// <summary>A client with cookies that submits the app's forms with their antiforgery tokens.</summary>
internal sealed partial class Browser(HttpClient client)
{
    private const string SessionCookie = "sid";

    private readonly Dictionary<string, string> _cookies = [];

    /// <summary>The value of the session cookie; empty while the browser is signed out.</summary>
    public string Session => _cookies.GetValueOrDefault(SessionCookie, "");

    public async Task SignInAsync(AppNode node, string name, string password)
    {
        _cookies.Clear();
        var response = await SubmitAsync(node, "/account/login", "/account/login", new()
        {
            ["Input.UserName"] = name,
            ["Input.Password"] = password,
        });
        if (response.Status != HttpStatusCode.Found || Session.Length == 0)
            throw new HttpRequestException($"{name} cannot sign in at node {node.Name}: {response.Status}");
    }

    public Task<PageResponse> GetAsync(AppNode node, string path) =>
        SendAsync(new(HttpMethod.Get, new Uri(node.Url, path)));

    /// <summary>Opens a page and submits a form.</summary>
    /// <param name="node">The node that receives both requests.</param>
    /// <param name="page">The path of the page.</param>
    /// <param name="target">The path to which the form is submitted.</param>
    /// <param name="fields">The form fields.</param>
    /// <param name="faults">Injects a fault while the form is submitted.</param>
    public async Task<PageResponse> SubmitAsync(
        AppNode node, string page, string target, Dictionary<string, string> fields, FaultInjector? faults = null)
    {
        PageResponse form = null!;
        await Wait.UntilAsync(
            async () => faults?.HasKilled == true
                ? throw new TimeoutException($"Node {node.Name} was killed before it returned {page}.")
                : !(form = await GetAsync(node, page)).IsUnavailable,
            $"node {node.Name} returns {page}");
        if (AntiforgeryToken().Match(form.Body) is not { Success: true } token)
            throw new HttpRequestException($"{page} of node {node.Name} has no form: {form.Status} {form.Location}");
        using var content = new FormUrlEncodedContent(
            fields.Append(new("__RequestVerificationToken", token.Groups["token"].Value)));
        faults?.OnStarting(node.Proxy, node.Process.Kill);
        try
        {
            return await SendAsync(new(HttpMethod.Post, new Uri(node.Url, target)) { Content = content });
        }
        finally
        {
            faults?.OnAnswered();
        }
    }

    /// <summary>The text of the page's notice; empty if the page has none.</summary>
    public static string NoticeIn(string body) =>
        Notice().Match(body) is { Success: true } notice ? WebUtility.HtmlDecode(notice.Groups["text"].Value) : "";

    private async Task<PageResponse> SendAsync(HttpRequestMessage message)
    {
        using var request = message;
        if (_cookies.Count > 0)
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(pair => $"{pair.Key}={pair.Value}")));
        using var response = await client.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            foreach (var cookie in cookies)
                Store(cookie.Split(';')[0].Split('=', 2));
        }

        var body = await response.Content.ReadAsStringAsync();
        return new(response.StatusCode, response.Headers.Location?.OriginalString, body);
    }

    private void Store(string[] cookie)
    {
        if (cookie[1].Length == 0)
            _cookies.Remove(cookie[0]);
        else
            _cookies[cookie[0]] = cookie[1];
    }

    [GeneratedRegex("""name="__RequestVerificationToken" type="hidden" value="(?<token>[^"]+)""")]
    private static partial Regex AntiforgeryToken();

    [GeneratedRegex("""<div class="notice notice-[a-z]*"[^>]*>(?<text>[^<]*)<""")]
    private static partial Regex Notice();
}
