using System.Net;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>A Production farm over HTTPS.</summary>
[Collection<TlsFarmGroup>]
public sealed class TlsRequirements(TlsFarm site)
{
    private static readonly IPAddress Proxy = IPAddress.Parse("127.0.0.2");

    [Fact]
    public async Task R01_Sign_in_replaces_the_session_id_over_HTTPS()
    {
        using var visitor = await SignInAsync(TestUsers.Alice);
        var old = visitor.Cookies.Copy();
        await visitor.SignInAsync(TestUsers.Alice);

        Assert.NotEqual(old.Session, visitor.Cookies.Session);
        Assert.Equal([HttpStatusCode.OK], await StatusesAsync(visitor.Cookies));
        Assert.Equal([HttpStatusCode.Unauthorized], await StatusesAsync(old));
    }

    [Fact]
    public async Task R16_Every_cookie_requires_HTTPS_and_its_host()
    {
        using var visitor = await SignInAsync(TestUsers.Admin);
        using (await visitor.SubmitAsync("/account/sessions", "revoke-others"))
        {
        }
        await Crawler.CrawlAsync(visitor, site.Url);
        using (await visitor.SubmitAsync("/account/logout"))
        {
        }

        Assert.Equal(
            ["__Host-csrf", "__Host-notice", "__Host-sid"],
            visitor.Cookies.Received.Select(cookie => cookie.Split('=')[0]).Distinct().Order(StringComparer.Ordinal));
        Assert.All(visitor.Cookies.Received, cookie =>
        {
            var attributes = cookie.ToUpperInvariant().Split("; ").Skip(1).ToList();
            Assert.Superset(new HashSet<string>(["SECURE", "HTTPONLY", "PATH=/"]), attributes.ToHashSet());
            Assert.Contains(attributes, attribute => attribute is "SAMESITE=LAX" or "SAMESITE=STRICT");
            Assert.DoesNotContain(attributes, attribute => attribute.StartsWith("DOMAIN", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task R16_Cookie_without_the_host_prefix_is_ignored()
    {
        using var visitor = await SignInAsync(TestUsers.Bob);
        using var attacker = new Visitor(site.Url);
        attacker.Cookies.Set("sid", visitor.Cookies.Session!);
        using var response = await attacker.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task R21_Every_response_has_security_headers()
    {
        using var admin = await SignInAsync(TestUsers.Admin);
        using var user = await SignInAsync(TestUsers.Bob);
        using var anonymous = new Visitor(site.Url);
        using var tampered = new Visitor(site.Url);
        tampered.Cookies.Set("__Host-sid", "junk");
        List<Response> responses =
        [
            .. await Crawler.CrawlAsync(admin, site.Url),
            .. await Crawler.CrawlAsync(user, site.Url),
            .. await Crawler.CrawlAsync(anonymous, site.Url),
            await Response.ReadAsync(await tampered.GetAsync("/")),
            await Response.ReadAsync(await anonymous.PostAsync("/account/login", [])),
            await Response.ReadAsync(await anonymous.PostAsync("/account/login", [new("x", new string('x', 100_000))])),
            await Response.ReadAsync(await anonymous.PostAsync("/no/such/page", [])),
            await Response.ReadAsync(
                await anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Options, new Uri(site.Url, "/api/me")))),
        ];

        HttpStatusCode[] expected =
        [
            HttpStatusCode.OK, HttpStatusCode.Redirect, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized,
            HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed,
        ];
        Assert.Superset(expected.ToHashSet(), responses.Select(response => response.Status).ToHashSet());
        Assert.All(responses, AssertSecurityHeaders);
    }

    [Fact]
    public async Task R22_Plain_HTTP_only_redirects_to_HTTPS()
    {
        using var visitor = await SignInAsync(TestUsers.Alice);
        foreach (var entryPoint in (Uri[])[site.PlainUrl, .. site.Nodes.Values])
        {
            foreach (var path in (string[])["/", "/account/login", "/account/sessions", "/api/me"])
            {
                using var plain = new Visitor(entryPoint, visitor.Cookies.Copy());
                plain.Cookies.Set("sid", visitor.Cookies.Session!);
                // Only nginx may send this header.
                plain.Headers["X-Forwarded-Proto"] = "https";
                var response = await Response.ReadAsync(await plain.GetAsync(path));

                Assert.True(
                    response.Status is HttpStatusCode.Redirect or HttpStatusCode.TemporaryRedirect
                        or HttpStatusCode.PermanentRedirect,
                    $"{response.Status}");
                Assert.Equal($"https://{entryPoint.Host}:{site.Url.Port}{path}", response.Headers.Location?.ToString());
                Assert.False(response.SetsCookies);
                Assert.DoesNotContain("alice", response.Body, StringComparison.Ordinal);

                using var signIn = await plain.PostAsync("/account/login", []);
                Assert.InRange((int)signIn.StatusCode, 301, 308);
            }
        }
    }

    [Fact]
    public async Task R42_Stored_key_ring_is_encrypted()
    {
        using var redis = await RedisContents.OpenAsync(site.RedisPort);
        var keys = (await redis.Database.ListRangeAsync("DataProtection-Keys")).Select(key => (string)key!).ToList();

        Assert.NotEmpty(keys);
        Assert.All(keys, key =>
        {
            Assert.Contains("<EncryptedKey", key, StringComparison.Ordinal);
            Assert.Contains("<CipherValue>", key, StringComparison.Ordinal);
            Assert.DoesNotContain("<masterKey", key, StringComparison.Ordinal);
            Assert.DoesNotContain("unencrypted", key, StringComparison.OrdinalIgnoreCase);
        });
        Assert.DoesNotContain(
            await redis.ReadAllAsync(), value => value.Contains("<masterKey", StringComparison.Ordinal));
    }

    [Fact]
    public async Task R46_Nodes_trust_only_the_proxy()
    {
        using var visitor = new Visitor(site.Url, from: IPAddress.Parse("127.0.1.9"));
        visitor.Headers["X-Forwarded-For"] = "6.6.6.6";
        visitor.Headers["X-Forwarded-Proto"] = "http";
        await visitor.SignInAsync(TestUsers.Bob);

        var devices = await visitor.ReadAsync("/account/sessions");
        Assert.Contains("127.0.1.9", devices, StringComparison.Ordinal);
        Assert.DoesNotContain("6.6.6.6", devices, StringComparison.Ordinal);
    }

    private static void AssertSecurityHeaders(Response response)
    {
        Assert.True(
            response.Header("X-Content-Type-Options") == "nosniff",
            $"{response.Address} {response.Status}\n{response.HeaderText}");
        var policy = response.Header("Content-Security-Policy")!;
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("object-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("base-uri 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains(response.Header("Referrer-Policy"), (string[])["same-origin", "no-referrer", "strict-origin"]);
        Assert.Null(response.Header("X-Powered-By"));
        Assert.DoesNotContain("Kestrel", response.HeaderText, StringComparison.OrdinalIgnoreCase);
        // Load balancers may request the health endpoints over plain HTTP.
        if (!response.Address.AbsolutePath.StartsWith("/health/", StringComparison.Ordinal))
        {
            Assert.Matches(
                "max-age=(31536000|[4-9][0-9]{7}|[0-9]{9,})",
                response.Header("Strict-Transport-Security") ?? $"none: {response.Address}");
        }
    }

    private async Task<Visitor> SignInAsync(TestUser account)
    {
        var visitor = new Visitor(site.Url);
        await visitor.SignInAsync(account);
        return visitor;
    }

    /// <summary>Returns the distinct statuses for these cookies, from nginx and from each node as its proxy.</summary>
    private async Task<IReadOnlyCollection<HttpStatusCode>> StatusesAsync(CookieJar cookies)
    {
        var statuses = new HashSet<HttpStatusCode>();
        foreach (var entryPoint in (Uri[])[site.Url, .. site.Nodes.Values])
        {
            using var visitor = new Visitor(entryPoint, cookies.Copy(), Proxy);
            visitor.Headers["X-Forwarded-Proto"] = "https";
            using var response = await visitor.GetAsync("/api/me");
            statuses.Add(response.StatusCode);
        }
        return statuses;
    }
}
