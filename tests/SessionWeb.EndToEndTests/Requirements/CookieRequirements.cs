using System.Net;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Where the id is, and where it is not.</summary>
public abstract class CookieRequirements(ISite site)
{
    [Fact]
    public async Task R17_Every_cookie_is_small_and_shut_off_from_scripts()
    {
        var account = await site.RegisterAsync(new string('w', 32) + Guid.NewGuid().ToString("N"));
        using var visitor = await site.SignInAsync(account);
        using var other = await site.SignInAsync(account);
        using (await visitor.SubmitAsync("/account/sessions", "revoke-others"))
        {
        }
        await Crawl.AllAsync(visitor, site.Url);

        Assert.Superset(new HashSet<string>(["sid", "csrf", "notice"]), visitor.Cookies.Received.Select(cookie => cookie.Split('=')[0]).ToHashSet());
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
    public async Task R18_Id_is_in_no_address_and_on_no_page()
    {
        using var visitor = await site.SignInAsync(TestUsers.Admin);
        var id = visitor.Cookies.Session!;
        var answers = await Crawl.AllAsync(visitor, site.Url);

        Assert.Contains(answers, answer => answer.Address.AbsolutePath == "/admin/sessions" && answer.Status == HttpStatusCode.OK);
        Assert.All(answers, answer =>
        {
            Assert.DoesNotContain(id, answer.Address.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(id, answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(id, answer.HeaderText, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task R19_Pages_and_answers_with_cookies_are_kept_by_nobody()
    {
        using var admin = await site.SignInAsync(TestUsers.Admin);
        using var stranger = new Visitor(site.Url);
        var answers = new List<Answer>();
        foreach (var entrance in site.Entrances)
            answers.AddRange([.. await Crawl.AllAsync(admin, entrance), .. await Crawl.AllAsync(stranger, entrance)]);
        answers.Add(await Answer.KeepAsync(await admin.SubmitAsync("/account/sessions", "revoke-others")));
        answers.Add(await Answer.KeepAsync(await stranger.PostAsync("/account/login", [])));
        using var ended = admin.Replay();
        answers.Add(await Answer.KeepAsync(await admin.SubmitAsync("/account/logout")));
        answers.Add(await Answer.KeepAsync(await ended.GetAsync("/account/sessions")));

        Assert.All(answers.Where(answer => answer.SetsCookies || !IsAsset(answer)), answer =>
            Assert.True(answer.Header("Cache-Control")?.Contains("no-store", StringComparison.Ordinal), $"{answer.Address}: {answer.HeaderText}"));
        Assert.Contains(answers, IsAsset);
    }

    [Fact]
    public async Task R28_Signing_out_ends_the_session_on_every_node()
    {
        foreach (var entrance in site.Entrances)
        {
            using var visitor = await site.SignInAsync();
            using var thief = visitor.Replay();
            using var answer = await visitor.SubmitAsync("/account/logout", at: entrance);

            Assert.Equal("/account/signed-out?reason=signed-out", answer.Headers.Location?.ToString());
            Assert.Null(visitor.Cookies.Session);
            await site.AssertRefusedAsync(thief.Cookies);
        }
    }

    private static bool IsAsset(Answer answer) =>
        answer.Status == HttpStatusCode.OK && answer.Type is "text/css" or "text/javascript" or "image/svg+xml";
}

[Collection<OnFarmSite>]
public sealed class CookieRequirementsOnFarm(FarmSite site) : CookieRequirements(site);

[Collection<OnEmbeddedSite>]
public sealed class CookieRequirementsOnEmbedded(EmbeddedSite site) : CookieRequirements(site);
