using System.Net;
using System.Text;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Responses never reveal internals.</summary>
public abstract class ErrorResponseRequirements(ISite site)
{
    private static readonly string[] InternalTerms =
    [
        "Exception", "   at ", "SessionWeb.", "Microsoft.", "StackExchange", "System.", "StackTrace", ".cs:line",
        "SELECT ", "SQLite", "redis", "Redis",
    ];

    [Fact]
    public async Task R56_Malformed_request_reveals_no_internals()
    {
        using var admin = await site.SignInAsync(TestUsers.Admin);
        var adminToken = await admin.TokenAsync("/account/sessions");
        // This test sends wrong passwords, so no other test uses this account.
        using var user = await site.SignInAsync();
        var token = await user.TokenAsync("/account/sessions");
        foreach (var entryPoint in site.EntryPoints.Take(2))
        {
            foreach (var path in (string[])
            [
                "/admin/sessions?page=abc", "/admin/sessions?page=-1", "/admin/sessions?page=99999999999999999999",
                "/admin/sessions?page=1&page=2", "/admin/sessions?q=%00", "/admin/sessions?q=%ff%fe",
                "/admin/sessions?q='%20OR%201=1--", $"/admin/sessions?q={new string('x', 3000)}",
                "/account/sessions?handler=none", "/account/signed-out?reason=%3Cscript%3E",
                "/account/signed-out?reason=a&reason=b", "/account/login?returnUrl=%00", "/error/0",
                "/error/99999999999", "/error/500", "/error/-1", "/setup?token=%00", "/setup?token=x&token=y", "/api/",
                "/api/none", "/account/login/", "/%00", "/%ff", "/~", "/..%2f..%2fappsettings.json",
                "/appsettings.json", "/wwwroot/../appsettings.json", "/css/..%5csite.css", "/.well-known/none",
                "/account/sessions.cshtml", "/health/none", "/swagger", "/_framework/none.js",
            ])
            {
                await AssertGenericAsync(admin.GetAsync(path, entryPoint));
            }

            string[] userForms =
            [
                "/account/login", "/account/sessions?handler=revoke", "/account/password", "/account/register",
                "/setup",
            ];
            foreach (var (path, content) in Bodies(token, userForms))
                await AssertGenericAsync(user.SendAsync(Post(new Uri(entryPoint, path), content)));
            string[] adminForms = ["/admin/sessions?handler=revoke", "/admin/sessions?handler=revoke-account"];
            foreach (var (path, content) in Bodies(adminToken, adminForms))
                await AssertGenericAsync(admin.SendAsync(Post(new Uri(entryPoint, path), content)));

            string[] methods = ["TRACE", "OPTIONS", "PUT", "DELETE", "PATCH", "PROPFIND", "NONSENSE", "CONNECTED"];
            string[] paths = ["/", "/account/login", "/api/me", "/admin/sessions", "/css/site.css", "/health/ready"];
            foreach (var method in methods)
            {
                foreach (var path in paths)
                {
                    await AssertGenericAsync(
                        admin.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(entryPoint, path))));
                }
            }

            foreach (var (header, value) in ((string, string)[])
            [
                ("Accept", "nonsense"), ("Accept-Encoding", "x;q=nonsense"), ("Accept-Language", "!!"),
                ("If-None-Match", "nonsense"), ("If-Modified-Since", "nonsense"), ("Range", "bytes=9-1"),
                ("Authorization", "Bearer"), ("Authorization", "Basic !!!"), ("Expect", "nonsense"),
                ("X-Forwarded-For", "nonsense"), ("X-Forwarded-Proto", "nonsense"),
                ("Cookie", "csrf=nonsense; notice=nonsense"), ("Content-Type", ";;;"),
            ])
            {
                using var visitor = new Visitor(site.Url);
                visitor.Headers[header] = value;
                await AssertGenericAsync(visitor.GetAsync("/account/login", entryPoint));
                await AssertGenericAsync(visitor.GetAsync("/css/site.css", entryPoint));
            }
        }
    }

    private protected static async Task<Response> AssertGenericAsync(
        Task<HttpResponseMessage> pendingResponse, bool serverError = false)
    {
        var response = await Response.ReadAsync(await pendingResponse);
        Assert.True(
            serverError || response.Status < HttpStatusCode.InternalServerError
                || response.Status == HttpStatusCode.NotImplemented,
            $"{response.Address} answered {(int)response.Status}\n{response.Body}");
        // Style sheets contain no server data.
        if (response.Type is "text/css")
            return response;
        Assert.All(InternalTerms, term => Assert.DoesNotContain(term, response.Body, StringComparison.Ordinal));
        Assert.All(InternalTerms, term => Assert.DoesNotContain(term, response.HeaderText, StringComparison.Ordinal));
        return response;
    }

    private static IEnumerable<(string Path, HttpContent Content)> Bodies(
        KeyValuePair<string, string> token, params string[] paths)
    {
        const string UrlEncoded = "application/x-www-form-urlencoded";
        const string Emoji = "\ud83d\ude00";
        var form = $"{token.Key}={Uri.EscapeDataString(token.Value)}";
        (string Body, string Type)[] bodies =
        [
            ("", UrlEncoded),
            ("&&&===%%%", UrlEncoded),
            ($"{form}&%zz=%zz&id=%00&account=%00"
                + "&Input.UserName=%00&Input.Password=%00&Input.CurrentPassword=%00", UrlEncoded),
            ($"{form}&id=a&id=b&account=a&account=b"
                + "&Input.UserName=a&Input.UserName=b&Input.RememberMe=perhaps&sure=perhaps", UrlEncoded),
            ($"{form}&Input.UserName={Emoji}\u202e\u0301&Input.Password={Emoji}&Input.CurrentPassword={Emoji}"
                + "&Input.NewPassword=x&Input.ConfirmPassword=x", $"{UrlEncoded}; charset=utf-8"),
            (form + string.Concat(Enumerable.Range(0, 2000).Select(i => $"&a{i}=")), UrlEncoded),
            ($"{form}&{new string('k', 3000)}=1", UrlEncoded),
            (form, $"{UrlEncoded}; charset=nonsense"),
            (form, "multipart/form-data"),
            ("--x\r\nnonsense", "multipart/form-data; boundary=x"),
            ("--x\r\nContent-Disposition: form-data; name=\"id\"; filename=\"a\"\r\n\r\nabc",
                "multipart/form-data; boundary=x"),
            (form, "multipart/form-data; boundary=" + new string('x', 300)),
            ("{\"id\":", "application/json"),
            ("<a/>", "text/xml"),
            ("x", "nonsense/nonsense"),
        ];
        return paths.SelectMany(path => bodies.Select(body => (path, (HttpContent)BodyOf(body.Body, body.Type))));
    }

    private static HttpRequestMessage Post(Uri address, HttpContent content) =>
        new(HttpMethod.Post, address) { Content = content };

    private static ByteArrayContent BodyOf(string body, string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}

[Collection<FarmSiteGroup>]
public sealed class ErrorResponseRequirementsOnFarm(FarmSite site) : ErrorResponseRequirements(site)
{
    private readonly FarmSite _site = site;

    [Fact]
    public async Task R56_Unexpected_failure_returns_a_generic_page()
    {
        using var user = await _site.SignInAsync();
        using var redis = await RedisContents.OpenAsync(_site.RedisPort);
        var handle = (await user.MeAsync()).Session;
        // A truncated ticket causes an unexpected exception.
        var (key, field, record) = await FindAsync(redis, handle);
        await redis.Database.HashSetAsync(key, field, record[..^20]);
        await redis.EvictCachedSessionsAsync(key["sw:".Length..]);

        foreach (var entryPoint in _site.EntryPoints)
        {
            await Wait.UntilAsync(
                async () =>
                {
                    using var response = await user.GetAsync("/account/sessions", entryPoint);
                    return response.StatusCode == HttpStatusCode.InternalServerError;
                },
                () => "the session leaves the cache");
            var page = await AssertGenericAsync(user.GetAsync("/account/sessions", entryPoint), serverError: true);
            Assert.Equal(HttpStatusCode.InternalServerError, page.Status);
            Assert.Contains("An error occurred on the server", page.Body, StringComparison.Ordinal);
            Assert.Equal("nosniff", page.Header("X-Content-Type-Options"));
            var api = await AssertGenericAsync(user.GetAsync("/api/me", entryPoint), serverError: true);
            Assert.Equal(HttpStatusCode.InternalServerError, api.Status);
            Assert.Equal("""{"error":"failed"}""", api.Body);
        }
        // Only the log contains the exception.
        await Wait.UntilAsync(() => _site.Log.Contains("Exception", StringComparison.Ordinal), () => _site.Log);
        await redis.Database.HashSetAsync(key, field, record);
        await user.MeAsync();
    }

    private static async Task<(string Key, string Field, byte[] Record)> FindAsync(RedisContents redis, string handle)
    {
        // After a revocation of all sessions, a key of the recent-session index has the same length.
        var accounts = redis.Keys("sw:" + new string('?', 22))
            .Where(key => !key.StartsWith("sw:recent:", StringComparison.Ordinal));
        foreach (var key in accounts)
        {
            foreach (var entry in await redis.Database.HashGetAllAsync(key))
            {
                if (((string)entry.Name!).StartsWith(handle, StringComparison.Ordinal))
                    return (key, entry.Name!, entry.Value!);
            }
        }

        throw new InvalidOperationException($"No session {handle} in Redis.");
    }
}

[Collection<EmbeddedSiteGroup>]
public sealed class ErrorResponseRequirementsOnEmbedded(EmbeddedSite site) : ErrorResponseRequirements(site);
