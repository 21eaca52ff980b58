using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>An answer, kept.</summary>
internal sealed record Answer(Uri Address, HttpStatusCode Status, HttpResponseHeaders Headers, string Type, string Body)
{
    public bool SetsCookies => Headers.Contains("Set-Cookie");

    public string HeaderText => string.Join('\n', Headers.Select(header => $"{header.Key}: {string.Join(", ", header.Value)}"));

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    public static async Task<Answer> KeepAsync(HttpResponseMessage response)
    {
        using (response)
            return new(
                response.RequestMessage!.RequestUri!, response.StatusCode, response.Headers,
                response.Content.Headers.ContentType?.MediaType ?? "", await response.Content.ReadAsStringAsync());
    }
}

/// <summary>Everything that a site shows to somebody: what its pages link to, and pages that are known to be there.</summary>
internal static partial class Crawl
{
    private const int MostPages = 300;

    private static readonly string[] Known =
    [
        "/", "/account/login", "/account/login?returnUrl=%2Faccount%2Fsessions", "/account/register", "/account/password", "/account/sessions",
        "/account/activity", "/account/profile", "/account/two-factor", "/account/login/code", "/account/logout", "/account/signed-out?reason=idle", "/admin/sessions", "/admin/sessions?q=a", "/admin/accounts",
        "/admin/audit", "/admin/nodes", "/setup", "/setup?token=x", "/api/me", "/api/none", "/health/live", "/health/ready",
        "/error/404", "/error/500", "/no/such/page",
    ];

    public static async Task<IReadOnlyList<Answer>> AllAsync(Visitor visitor, Uri entrance)
    {
        var found = new Dictionary<string, Answer>();
        var open = new Queue<string>(Known);
        while (open.TryDequeue(out var path) && found.Count < MostPages)
        {
            if (found.ContainsKey(path) || path.StartsWith("/session/events", StringComparison.Ordinal))
                continue;
            var answer = found[path] = await Answer.KeepAsync(await visitor.GetAsync(path, entrance));
            if (answer.Type == "text/html")
                foreach (var link in Links().Matches(answer.Body).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)))
                    open.Enqueue(link.Split('#')[0]);
        }
        return [.. found.Values];
    }

    [GeneratedRegex("""(?:href|src|action)="(/[^/"][^"]*)""")]
    private static partial Regex Links();
}
