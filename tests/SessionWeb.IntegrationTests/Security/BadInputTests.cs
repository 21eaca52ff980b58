using System.Net;
using System.Text;

namespace SessionWeb.IntegrationTests.Security;

/// <summary>Invalid requests get an error page and log no stack trace.</summary>
public sealed class BadInputTests(OpenRegistrationApp server) : IClassFixture<OpenRegistrationApp>
{
    private const string UrlEncoded = "application/x-www-form-urlencoded";

    private static readonly string[] Paths =
    [
        "/", "/account/login", "/account/password", "/account/sessions?handler=revoke",
        "/admin/sessions?handler=revoke", "/api/me", "/no/such/page",
    ];

    private static readonly string[] Pages =
    [
        "/", "/account/login", "/account/login/code", "/account/register", "/account/logout",
        "/account/password", "/account/profile", "/account/sessions", "/account/activity",
        "/account/two-factor", "/account/signed-out", "/account/expiring", "/setup", "/error/404",
        "/admin/sessions", "/admin/accounts", "/admin/accounts/none", "/admin/audit", "/admin/nodes", "/api/me",
    ];

    private static readonly string[] Values =
    [
        "%00", "%ff%fe", "%ed%a0%80", "%ef%bf%be%ef%bf%bf", "%c0%af", "%", "%u0000", "-1",
        "99999999999999999999", "1e400", "0001-01-01", "9999-12-31",
        "9999-12-31T23%3a59%3a59.9999999%2b14%3a00", "0001-01-01T00%3a00", "%e2%80%ae%e2%80%8b", "..%2f..%2f",
        "a%0d%0ab", "*", "%3a", "a%3ab", "%27%22%3c%3e", string.Concat(Enumerable.Repeat("%cc%81", 20)),
        "%f0%9f%98%80",
    ];

    private static readonly string[] Names =
    [
        "id", "ids", "account", "session", "message", "sure", "returnUrl", "reason", "token", "page", "q",
        "device", "ip", "persistent", "sort", "event", "from", "to", "before", "after", "code", "Query",
        "Query.Page", "Notice", "Input", "Input.UserName", "Input.Email", "Input.Password",
        "Input.NewPassword", "Input.ConfirmPassword", "Input.CurrentPassword", "Input.RememberMe",
        "Input.Until", "Input.Message", "Input.Code",
    ];

    private static readonly string[] Handlers =
    [
        "", "none", "revoke", "revoke-selected", "revoke-account", "add", "rename", "disable", "enable",
        "reset-password", "change-email", "sign-out", "grant-admin", "delete", "csv",
    ];

    [Theory]
    [InlineData($"{UrlEncoded}; charset=utf-7", "a=b")]
    [InlineData($"{UrlEncoded}; charset=\"UTF-7\"", "a=b")]
    [InlineData($"{UrlEncoded}; charset=no-such-charset", "a=b")]
    [InlineData($"{UrlEncoded}; charset=65000", "a=b")]
    [InlineData(
        "multipart/form-data; charset=utf-7; boundary=x",
        "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--")]
    [InlineData(
        "multipart/form-data; boundary=x",
        "--x\r\nContent-Disposition: form-data; name=a\r\nContent-Type: text/plain; charset=utf-7\r\n\r\nb\r\n--x--")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=a")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nno header\r\n\r\nb\r\n--x--")]
    [InlineData("multipart/form-data", "a=b")]
    [InlineData("multipart/form-data; boundary=", "a=b")]
    [InlineData("multipart/form-data; boundary=<300>", "a=b")]
    [InlineData("multipart/form-data; boundary=<12000>", "a=b")]
    [InlineData(UrlEncoded, "<300>=b")]
    [InlineData(UrlEncoded, "a=<20000>")]
    public async Task B05_Unreadable_form_gets_the_error_page(string type, string body)
    {
        using var anonymous = server.NewVisitor();
        using var user = server.NewVisitor();
        await user.SignInAsync(TestUsers.Alice);
        foreach (var client in (Visitor[])[anonymous, user])
        {
            foreach (var path in Paths)
            {
                using var response = await client.SendAsync(Request(HttpMethod.Post, path, Expand(type), Expand(body)));
                var text = await response.Content.ReadAsStringAsync();
                Assert.True(
                    response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType,
                    $"{path}: {response.StatusCode}\n{text}");
                Assert.Contains(path == "/api/me" ? "{\"error\":" : "<h1>", text, StringComparison.Ordinal);
                Assert.StartsWith(
                    "default-src", response.Headers.GetValues("Content-Security-Policy").Single(),
                    StringComparison.Ordinal);
                Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            }
        }

        AssertNoStackTrace();
    }

    [Fact]
    public async Task B05_Form_content_type_on_get_causes_no_error()
    {
        using var client = server.NewVisitor();
        foreach (var path in Paths)
        {
            using var response = await client.SendAsync(
                Request(HttpMethod.Get, path, $"{UrlEncoded}; charset=utf-7", "a=b"));
            Assert.InRange((int)response.StatusCode, 200, 499);
        }
        AssertNoStackTrace();
    }

    [Theory]
    [InlineData("bob")]
    [InlineData("admin")]
    [InlineData(null)]
    public async Task B05_Bad_input_causes_no_server_error(string? userName)
    {
        using var client = server.NewVisitor();
        if (userName is not null)
            await client.SignInAsync(TestUsers.Named(userName));
        var formPage = userName is null ? "/account/login" : "/account/profile";
        var token = (await client.FormAsync(formPage, []))["__RequestVerificationToken"];
        var failures = new List<string>();
        foreach (var page in Pages)
        {
            foreach (var value in Values)
            {
                await SendAsync(
                    HttpMethod.Get, $"{page}?{string.Join('&', Names.Select(name => $"{name}={value}"))}", null);
                await SendAsync(
                    HttpMethod.Get,
                    $"{page}?handler=csv&account={value}&from={value}&to={value}&event={value}&before={value}", null);
                await SendAsync(HttpMethod.Get, $"{page.TrimEnd('/')}/{value}", null);
            }
        }
        // Sign-in costs a password hash. Sign-out would end the session that the test uses.
        foreach (var page in Pages.Except(["/account/login", "/account/register", "/account/logout"]))
        {
            foreach (var handler in Handlers)
            {
                foreach (var value in Values.Where((_, number) => number % 8 == handler.Length % 8))
                {
                    await SendAsync(
                        HttpMethod.Post, $"{page}?handler={handler}",
                        $"{string.Join('&', Names.Select(name => $"{name}={value}"))}"
                        + $"&__RequestVerificationToken={Uri.EscapeDataString(token)}");
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(20)));
        AssertNoStackTrace();

        async Task SendAsync(HttpMethod method, string path, string? body)
        {
            using var request = Request(method, path, body is null ? null : UrlEncoded, body ?? "");
            using var response = await client.SendAsync(request);
            if ((int)response.StatusCode >= 500)
                failures.Add($"{method} {path} {body?[..Math.Min(body.Length, 40)]}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task B05_Invalid_cookies_log_no_stack_trace()
    {
        using var client = server.NewVisitor();
        foreach (var cookies in (string[])
        [
            "sid=nonsense", "csrf=nonsense", "notice=nonsense", "sid-ended=nonsense", "sid=chunks-99999999999",
            "sid=chunks-3; sidC1=a", "csrf=", "=;;;",
            "sid=%00; csrf=%00; notice=%00; sid-ended=%00; signing-in=%00",
            "signing-in=nonsense", "notice=chunks-2",
        ])
        {
            foreach (var page in Pages)
            {
                using var get = Request(HttpMethod.Get, page, null, "");
                get.Headers.TryAddWithoutValidation("Cookie", cookies);
                using var response = await client.SendAsync(get);
                Assert.InRange((int)response.StatusCode, 200, 499);
                using var post = Request(HttpMethod.Post, page, UrlEncoded, "__RequestVerificationToken=nonsense");
                post.Headers.TryAddWithoutValidation("Cookie", cookies);
                using var rejected = await client.SendAsync(post);
                Assert.InRange((int)rejected.StatusCode, 200, 499);
            }
        }

        AssertNoStackTrace();
    }

    [Theory]
    [InlineData("/error/500")]
    [InlineData("/error/503")]
    [InlineData("/error/403")]
    [InlineData("/ERROR/500/")]
    [InlineData("/error/0")]
    public async Task B13_Direct_request_for_an_error_page_returns_404(string path)
    {
        using var client = server.NewVisitor();
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete])
        {
            using var response = await client.SendAsync(Request(method, path, UrlEncoded, ""));
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Contains("Page not found", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Null(response.Headers.RetryAfter);
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n")]
    [InlineData("GET / HTTP/1.0\r\n\r\n")]
    [InlineData("GET /api/me HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /css/site.css HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")]
    public async Task B15_Request_without_a_host_is_rejected(string request) =>
        Assert.StartsWith("HTTP/1.1 400 ", await RawRequest.SendAsync(server.Url, request), StringComparison.Ordinal);

    private static HttpRequestMessage Request(HttpMethod method, string path, string? type, string body)
    {
        var request = new HttpRequestMessage(method, path);
        if (type is null)
            return request;
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        return request;
    }

    /// <summary>Replaces <c>&lt;300&gt;</c> by 300 characters.</summary>
    private static string Expand(string text) =>
        text.IndexOf('<', StringComparison.Ordinal) is >= 0 and var at
            && text.IndexOf('>', StringComparison.Ordinal) is var end
            ? text[..at] + new string('x', int.Parse(text[(at + 1)..end])) + text[(end + 1)..]
            : text;

    private void AssertNoStackTrace()
    {
        var traces = server.Log.Where(line => line.Contains("   at ", StringComparison.Ordinal)
            || line.Contains("Exception", StringComparison.Ordinal));
        Assert.True(!traces.Any(), string.Join('\n', traces.DistinctBy(line => string.Concat(line.Skip(25).Take(90)))));
    }
}
