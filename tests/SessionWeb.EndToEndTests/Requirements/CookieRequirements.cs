using System.Net;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Cookie attributes, the secrecy of the session id, and caching.</summary>
public abstract class CookieRequirements(ISite site)
{
    [Fact]
    public async Task R17_Every_cookie_is_small_and_http_only()
    {
        var account = await site.RegisterAsync(new string('w', 32) + Guid.NewGuid().ToString("N"));
        using var visitor = await site.SignInAsync(account);
        using var other = await site.SignInAsync(account);
        using (await visitor.SubmitAsync("/account/sessions", "revoke-others"))
        {
        }
        await Crawler.CrawlAsync(visitor, site.Url);

        Assert.Superset(
            new HashSet<string>(["sid", "csrf", "notice"]),
            visitor.Cookies.Received.Select(cookie => cookie.Split('=')[0]).ToHashSet());
        Assert.All(visitor.Cookies.Received, cookie =>
        {
            var attributes = cookie.ToUpperInvariant().Split("; ").Skip(1).ToList();
            Assert.Contains("HTTPONLY", attributes);
            Assert.Contains("PATH=/", attributes);
            Assert.Contains(attributes, attribute => attribute is "SAMESITE=LAX" or "SAMESITE=STRICT");
            Assert.DoesNotContain(attributes, attribute => attribute.StartsWith("DOMAIN", StringComparison.Ordinal));
            Assert.InRange(cookie.Split(';')[0].Length, 1, 4096);
        });
    }

    [Fact]
    public async Task R18_Session_id_appears_in_no_URL_page_or_header()
    {
        using var visitor = await site.SignInAsync(TestUsers.Admin);
        var id = visitor.Cookies.Session!;
        var responses = await Crawler.CrawlAsync(visitor, site.Url);

        Assert.Contains(
            responses,
            response => response.Address.AbsolutePath == "/admin/sessions" && response.Status == HttpStatusCode.OK);
        Assert.All(responses, response =>
        {
            Assert.DoesNotContain(id, response.Address.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(id, response.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(id, response.HeaderText, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task R19_Pages_and_responses_with_cookies_are_not_cached()
    {
        using var admin = await site.SignInAsync(TestUsers.Admin);
        using var anonymous = new Visitor(site.Url);
        var responses = new List<Response>();
        foreach (var entryPoint in site.EntryPoints)
        {
            responses.AddRange(
                [.. await Crawler.CrawlAsync(admin, entryPoint), .. await Crawler.CrawlAsync(anonymous, entryPoint)]);
        }

        responses.Add(await Response.ReadAsync(await admin.SubmitAsync("/account/sessions", "revoke-others")));
        responses.Add(await Response.ReadAsync(await anonymous.PostAsync("/account/login", [])));
        using var replay = admin.Replay();
        responses.Add(await Response.ReadAsync(await admin.SubmitAsync("/account/logout")));
        responses.Add(await Response.ReadAsync(await replay.GetAsync("/account/sessions")));

        Assert.All(responses.Where(response => response.SetsCookies || !IsAsset(response)), response =>
            Assert.True(
                response.Header("Cache-Control")?.Contains("no-store", StringComparison.Ordinal),
                $"{response.Address}: {response.HeaderText}"));
        Assert.Contains(responses, IsAsset);
    }

    [Fact]
    public async Task R28_Sign_out_ends_the_session_on_every_node()
    {
        foreach (var entryPoint in site.EntryPoints)
        {
            using var visitor = await site.SignInAsync();
            using var attacker = visitor.Replay();
            using var response = await visitor.SubmitAsync("/account/logout", at: entryPoint);

            Assert.Equal("/account/signed-out?reason=signed-out", response.Headers.Location?.ToString());
            Assert.Null(visitor.Cookies.Session);
            await site.AssertRefusedAsync(attacker.Cookies);
        }
    }

    private static bool IsAsset(Response response) =>
        response.Status == HttpStatusCode.OK && response.Type is "text/css" or "text/javascript" or "image/svg+xml";
}

[Collection<FarmSiteGroup>]
public sealed class CookieRequirementsOnFarm(FarmSite site) : CookieRequirements(site);

[Collection<EmbeddedSiteGroup>]
public sealed class CookieRequirementsOnEmbedded(EmbeddedSite site) : CookieRequirements(site);
