using System.Net;
using System.Text.RegularExpressions;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Requests the known pages of a site and every page that they link to.</summary>
internal static partial class Crawler
{
    private const int MaxPages = 300;

    private static readonly string[] KnownPaths =
    [
        "/", "/account/login", "/account/login?returnUrl=%2Faccount%2Fsessions", "/account/register",
        "/account/password", "/account/sessions", "/account/activity", "/account/profile", "/account/two-factor",
        "/account/login/code", "/account/logout", "/account/signed-out?reason=idle", "/admin/sessions",
        "/admin/sessions?q=a", "/admin/accounts", "/admin/audit", "/admin/nodes", "/setup", "/setup?token=x", "/api/me",
        "/api/none", "/health/live", "/health/ready", "/error/404", "/error/500", "/no/such/page",
    ];

    public static async Task<IReadOnlyList<Response>> CrawlAsync(Visitor visitor, Uri entryPoint)
    {
        var found = new Dictionary<string, Response>();
        var pending = new Queue<string>(KnownPaths);
        while (pending.TryDequeue(out var path) && found.Count < MaxPages)
        {
            if (found.ContainsKey(path) || path.StartsWith("/session/events", StringComparison.Ordinal))
                continue;
            var response = found[path] = await Response.ReadAsync(await visitor.GetAsync(path, entryPoint));
            if (response.Type == "text/html")
            {
                foreach (Match match in Links().Matches(response.Body))
                    pending.Enqueue(WebUtility.HtmlDecode(match.Groups[1].Value).Split('#')[0]);
            }
        }
        return [.. found.Values];
    }

    [GeneratedRegex("""(?:href|src|action)="(/[^/"][^"]*)""")]
    private static partial Regex Links();
}
