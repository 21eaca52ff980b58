using System.Net;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Production, over https.</summary>
[Collection<OnTlsFarm>]
public sealed class TlsRequirements(TlsFarm site)
{
    private static readonly IPAddress Proxy = IPAddress.Parse("127.0.0.2");

    [Fact]
    public async Task R01_New_id_at_every_sign_in_and_the_old_one_is_dead_on_every_node_over_https()
    {
        using var visitor = await SignInAsync(TestUsers.Alice);
        var old = visitor.Cookies.Copy();
        await visitor.SignInAsync(TestUsers.Alice);

        Assert.NotEqual(old.Session, visitor.Cookies.Session);
        Assert.Equal([HttpStatusCode.OK], await StatusesAsync(visitor.Cookies));
        Assert.Equal([HttpStatusCode.Unauthorized], await StatusesAsync(old));
    }

    [Fact]
    public async Task R16_Every_cookie_is_bound_to_the_host_and_to_https()
    {
        using var visitor = await SignInAsync(TestUsers.Admin);
        using (await visitor.SubmitAsync("/account/sessions", "revoke-others"))
        {
        }
        await Crawl.AllAsync(visitor, site.Url);
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
    public async Task R16_Cookie_without_its_prefix_does_not_count()
    {
        using var visitor = await SignInAsync(TestUsers.Bob);
        using var thief = new Visitor(site.Url);
        thief.Cookies.Set("sid", visitor.Cookies.Session!);
        using var answer = await thief.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task R21_Every_answer_tells_browsers_to_be_careful()
    {
        using var admin = await SignInAsync(TestUsers.Admin);
        using var person = await SignInAsync(TestUsers.Bob);
        using var stranger = new Visitor(site.Url);
        using var made = new Visitor(site.Url);
        made.Cookies.Set("__Host-sid", "junk");
        List<Answer> answers =
        [
            .. await Crawl.AllAsync(admin, site.Url), .. await Crawl.AllAsync(person, site.Url), .. await Crawl.AllAsync(stranger, site.Url),
            await Answer.KeepAsync(await made.GetAsync("/")),
            await Answer.KeepAsync(await stranger.PostAsync("/account/login", [])),
            await Answer.KeepAsync(await stranger.PostAsync("/account/login", [new("x", new string('x', 100_000))])),
            await Answer.KeepAsync(await stranger.PostAsync("/no/such/page", [])),
            await Answer.KeepAsync(await stranger.SendAsync(new HttpRequestMessage(HttpMethod.Options, new Uri(site.Url, "/api/me")))),
        ];

        HttpStatusCode[] seen = [HttpStatusCode.OK, HttpStatusCode.Redirect, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized,
            HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed];
        Assert.Superset(seen.ToHashSet(), answers.Select(answer => answer.Status).ToHashSet());
        Assert.All(answers, AssertCareful);
    }

    [Fact]
    public async Task R22_Over_plain_http_there_is_nothing_but_the_way_to_https()
    {
        using var visitor = await SignInAsync(TestUsers.Alice);
        foreach (var entrance in (Uri[])[site.PlainUrl, .. site.Nodes.Values])
            foreach (var path in (string[])["/", "/account/login", "/account/sessions", "/api/me"])
            {
                using var plain = new Visitor(entrance, visitor.Cookies.Copy());
                plain.Cookies.Set("sid", visitor.Cookies.Session!);
                // From anybody but nginx that is a lie.
                plain.Headers["X-Forwarded-Proto"] = "https";
                var answer = await Answer.KeepAsync(await plain.GetAsync(path));

                Assert.True(answer.Status is HttpStatusCode.Redirect or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect, $"{answer.Status}");
                Assert.Equal($"https://{entrance.Host}:{site.Url.Port}{path}", answer.Headers.Location?.ToString());
                Assert.False(answer.SetsCookies);
                Assert.DoesNotContain("alice", answer.Body, StringComparison.Ordinal);

                using var signIn = await plain.PostAsync("/account/login", []);
                Assert.InRange((int)signIn.StatusCode, 301, 308);
            }
    }

    [Fact]
    public async Task R42_Key_ring_is_encrypted_where_it_is_kept()
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
        Assert.DoesNotContain(await redis.AllAsync(), value => value.Contains("<masterKey", StringComparison.Ordinal));
    }

    [Fact]
    public async Task R46_Nodes_believe_nginx_and_nobody_else()
    {
        using var visitor = new Visitor(site.Url, from: IPAddress.Parse("127.0.1.9"));
        visitor.Headers["X-Forwarded-For"] = "6.6.6.6";
        visitor.Headers["X-Forwarded-Proto"] = "http";
        await visitor.SignInAsync(TestUsers.Bob);

        var devices = await visitor.ReadAsync("/account/sessions");
        Assert.Contains("127.0.1.9", devices, StringComparison.Ordinal);
        Assert.DoesNotContain("6.6.6.6", devices, StringComparison.Ordinal);
    }

    private static void AssertCareful(Answer answer)
    {
        Assert.True(answer.Header("X-Content-Type-Options") == "nosniff", $"{answer.Address} {answer.Status}\n{answer.HeaderText}");
        var policy = answer.Header("Content-Security-Policy")!;
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("object-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("base-uri 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains(answer.Header("Referrer-Policy"), (string[])["same-origin", "no-referrer", "strict-origin"]);
        Assert.Null(answer.Header("X-Powered-By"));
        Assert.DoesNotContain("Kestrel", answer.HeaderText, StringComparison.OrdinalIgnoreCase);
        // The addresses for load balancers are asked over plain http as well.
        if (!answer.Address.AbsolutePath.StartsWith("/health/", StringComparison.Ordinal))
            Assert.Matches("max-age=(31536000|[4-9][0-9]{7}|[0-9]{9,})", answer.Header("Strict-Transport-Security") ?? $"none: {answer.Address}");
    }

    private async Task<Visitor> SignInAsync(TestUser account)
    {
        var visitor = new Visitor(site.Url);
        await visitor.SignInAsync(account);
        return visitor;
    }

    /// <summary>What nginx, and each node that nginx would ask, answers to these cookies.</summary>
    private async Task<IReadOnlyCollection<HttpStatusCode>> StatusesAsync(CookieJar cookies)
    {
        var found = new HashSet<HttpStatusCode>();
        foreach (var entrance in (Uri[])[site.Url, .. site.Nodes.Values])
        {
            using var visitor = new Visitor(entrance, cookies.Copy(), Proxy);
            visitor.Headers["X-Forwarded-Proto"] = "https";
            using var answer = await visitor.GetAsync("/api/me");
            found.Add(answer.StatusCode);
        }
        return found;
    }
}
