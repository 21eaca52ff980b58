using System.Net;
using System.Text.Json;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Without Redis nobody is let in, and nobody is signed out.</summary>
[Collection<OnFarmSite>]
public sealed class RedisLossRequirements(FarmSite site)
{
    [Fact]
    public async Task R44_Without_redis_everybody_waits_and_nobody_is_signed_out()
    {
        var account = await site.RegisterAsync();
        using var visitor = await site.SignInAsync(account);
        var token = await visitor.TokenAsync("/account/sessions");

        await site.StopAsync("redis");
        try
        {
            await AssertLeasesEndAsync(visitor);
            await AssertWaitingAsync(visitor.Cookies, account, token, site.Entrances);
        }
        finally
        {
            await RestoreAsync();
        }
        await site.AssertSignedInAsync(visitor.Cookies, account);
    }

    [Fact]
    public async Task R44_With_a_redis_that_hangs_it_is_no_different()
    {
        var account = await site.RegisterAsync();
        using var visitor = await site.SignInAsync(account);
        var token = await visitor.TokenAsync("/account/sessions");

        site.Freeze("redis");
        try
        {
            await AssertLeasesEndAsync(visitor);
            await AssertWaitingAsync(visitor.Cookies, account, token, [site.Url, site.Nodes["node-c"]]);
        }
        finally
        {
            site.Thaw("redis");
            await AllReadyAsync();
        }
        await site.AssertSignedInAsync(visitor.Cookies, account);
    }

    /// <summary>A node may answer from its cache as long as its lease lasts, and no longer.</summary>
    private async Task AssertLeasesEndAsync(Visitor visitor)
    {
        foreach (var node in site.Nodes.Values)
            await Eventually.TrueAsync(
                async () => (await Answer.KeepAsync(await visitor.GetAsync("/api/me", node))).Status == HttpStatusCode.ServiceUnavailable,
                () => $"{node} still answers from memory");
    }

    [Fact]
    public async Task R44_Node_that_starts_without_redis_waits_for_it()
    {
        var account = await site.RegisterAsync();
        using var visitor = await site.SignInAsync(account);
        var node = site.Nodes["node-b"];

        await site.StopAsync("redis");
        await site.StopAsync("node-b");
        try
        {
            site.Launch("node-b");
            await Eventually.TrueAsync(() => Loopback.RespondsAsync(new Uri(node, "/health/live")), () => site.Log);
            Assert.False(await Loopback.RespondsAsync(new Uri(node, "/health/ready")));
            foreach (var cookies in (CookieJar[])[visitor.Cookies, new()])
            {
                using var waiting = new Visitor(site.Url, cookies.Copy());
                AssertPage(await Answer.KeepAsync(await waiting.GetAsync("/", node)));
                AssertPage(await Answer.KeepAsync(await waiting.GetAsync("/account/login", node)));
                AssertProgram(await Answer.KeepAsync(await waiting.GetAsync("/api/me", node)));
            }
        }
        finally
        {
            await RestoreAsync();
        }
        await site.AssertSignedInAsync(visitor.Cookies, account);
    }

    private async Task AssertWaitingAsync(CookieJar cookies, TestUser account, KeyValuePair<string, string> token, IEnumerable<Uri> entrances)
    {
        await Task.WhenAll(entrances.Select(async entrance =>
        {
            using var visitor = new Visitor(site.Url, cookies.Copy());
            AssertProgram(await Answer.KeepAsync(await visitor.GetAsync("/api/me", entrance)));
            AssertPage(await Answer.KeepAsync(await visitor.GetAsync("/account/sessions", entrance)));
            AssertPage(await Answer.KeepAsync(await visitor.PostAsync("/account/logout", [token], entrance)));
            Assert.Equal(cookies.Session, visitor.Cookies.Session);
        }));

        // A stranger sees what needs no session; the right password does not help.
        using var stranger = new Visitor(site.Url);
        AssertPage(await Answer.KeepAsync(await stranger.SubmitSignInAsync(account)));
        Assert.Null(stranger.Cookies.Session);
        stranger.Cookies.Set("sid", "made-up");
        using var anonymous = await stranger.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
    }

    private async Task RestoreAsync()
    {
        await site.StartAsync("redis");
        await AllReadyAsync();
    }

    private Task AllReadyAsync() => Eventually.TrueAsync(
        async () => (await Task.WhenAll(site.Entrances.Select(entrance => Loopback.RespondsAsync(new Uri(entrance, "/health/ready"))))).All(ready => ready),
        () => $"the nodes do not find Redis again\n{site.Log}", TimeSpan.FromSeconds(30));

    private static void AssertPage(Answer answer)
    {
        AssertUnavailable(answer);
        Assert.Contains("You have not been signed out", answer.Body, StringComparison.Ordinal);
    }

    private static void AssertProgram(Answer answer)
    {
        AssertUnavailable(answer);
        using var body = JsonDocument.Parse(answer.Body);
        Assert.Equal("session_store_unavailable", body.RootElement.GetProperty("error").GetString());
    }

    private static void AssertUnavailable(Answer answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.InRange(int.Parse(answer.Header("Retry-After")!, null), 1, 60);
        Assert.DoesNotContain("sid=", answer.Header("Set-Cookie") ?? "", StringComparison.Ordinal);
        Assert.Contains("no-store", answer.Header("Cache-Control")!, StringComparison.Ordinal);
    }
}
