using System.Net;
using System.Text.RegularExpressions;

namespace SessionWeb.Checker.App;

/// <summary>What a node answered to a page's request.</summary>
internal sealed record Page(HttpStatusCode Status, string? Location, string Body)
{
    public bool IsUnavailable => Status == HttpStatusCode.ServiceUnavailable;
}

/// <summary>A client with cookies that submits the app's forms with their antiforgery tokens.</summary>
internal sealed partial class Browser(HttpClient client)
{
    private const string SessionCookie = "sid";

    private readonly Dictionary<string, string> _cookies = [];

    /// <summary>The value of the session's cookie; empty while nobody is signed in.</summary>
    public string Session => _cookies.GetValueOrDefault(SessionCookie, "");

    public async Task SignInAsync(AppNode node, string name, string password)
    {
        _cookies.Clear();
        var answer = await SubmitAsync(node, "/account/login", "/account/login", new()
        {
            ["Input.UserName"] = name, ["Input.Password"] = password,
        });
        if (answer.Status != HttpStatusCode.Found || Session.Length == 0)
            throw new HttpRequestException($"{name} cannot sign in at node {node.Name}: {answer.Status}");
    }

    public Task<Page> GetAsync(AppNode node, string path) => SendAsync(new(HttpMethod.Get, new Uri(node.Url, path)));

    /// <summary>Opens a page and submits a form of it.</summary>
    public async Task<Page> SubmitAsync(
        AppNode node, string page, string target, Dictionary<string, string> fields, Interference? interference = null)
    {
        Page form = null!;
        await Wait.ForAsync(
            async () => interference?.HasKilled == true
                ? throw new TimeoutException($"Node {node.Name} was killed before {page} was shown.")
                : !(form = await GetAsync(node, page)).IsUnavailable,
            $"{page} is shown");
        if (Token().Match(form.Body) is not { Success: true } token)
            throw new HttpRequestException($"{page} of node {node.Name} has no form: {form.Status} {form.Location}");
        using var content = new FormUrlEncodedContent(
            fields.Append(new("__RequestVerificationToken", token.Groups["token"].Value)));
        interference?.Begin(node.Proxy, node.Process.Kill);
        try
        {
            return await SendAsync(new(HttpMethod.Post, new Uri(node.Url, target)) { Content = content });
        }
        finally
        {
            interference?.End();
        }
    }

    /// <summary>The text of the page's notice; empty if it has none.</summary>
    public static string NoticeOf(string body) =>
        Notice().Match(body) is { Success: true } notice ? WebUtility.HtmlDecode(notice.Groups["text"].Value) : "";

    private async Task<Page> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (_cookies.Count > 0)
                request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(pair => $"{pair.Key}={pair.Value}")));
            using var response = await client.SendAsync(request);
            if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
                foreach (var cookie in cookies)
                    Keep(cookie.Split(';')[0].Split('=', 2));
            var body = await response.Content.ReadAsStringAsync();
            return new(response.StatusCode, response.Headers.Location?.OriginalString, body);
        }
    }

    private void Keep(string[] cookie)
    {
        if (cookie[1].Length == 0)
            _cookies.Remove(cookie[0]);
        else
            _cookies[cookie[0]] = cookie[1];
    }

    [GeneratedRegex("""name="__RequestVerificationToken" type="hidden" value="(?<token>[^"]+)""")]
    private static partial Regex Token();

    [GeneratedRegex("""<div class="notice notice-[a-z]*"[^>]*>(?<text>[^<]*)<""")]
    private static partial Regex Notice();
}
