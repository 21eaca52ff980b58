using System.Net;

namespace SessionWeb.EndToEndTests.Sites;

/// <summary>Asserts that all nodes of a site accept or refuse cookies.</summary>
internal static class SessionAssertions
{
    /// <summary>Every entry point accepts the cookies as this user's.</summary>
    public static async Task AssertSignedInAsync(this ISite site, CookieJar cookies, TestUser user)
    {
        foreach (var entryPoint in site.EntryPoints)
        {
            using var visitor = new Visitor(site.Url, cookies.Copy());
            Assert.Equal(user.UserName, (await visitor.MeAsync(entryPoint)).Account);
            Assert.Contains(user.UserName, await visitor.ReadAsync("/", entryPoint), StringComparison.Ordinal);
        }
    }

    /// <summary>Every entry point treats a request with these cookies as anonymous.</summary>
    public static async Task AssertRefusedAsync(this ISite site, CookieJar cookies)
    {
        foreach (var entryPoint in site.EntryPoints)
        {
            foreach (var path in (string[])["/", "/account/sessions", "/account/password"])
            {
                using var visitor = new Visitor(site.Url, cookies.Copy());
                using var page = await visitor.GetAsync(path, entryPoint);
                Assert.True(
                    page.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.SeeOther
                        || (page.StatusCode == HttpStatusCode.OK && path == "/"
                            && (await page.Content.ReadAsStringAsync()).Contains(
                                "You are not signed in.", StringComparison.Ordinal)),
                    $"{entryPoint}{path[1..]} answered {(int)page.StatusCode}");
            }
            using var client = new Visitor(site.Url, cookies.Copy());
            using var api = await client.GetAsync("/api/me", entryPoint);
            Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        }
    }

    public static Task AssertRefusedAsync(this ISite site, string session)
    {
        var cookies = new CookieJar();
        cookies.Set("sid", session);
        return site.AssertRefusedAsync(cookies);
    }
}
