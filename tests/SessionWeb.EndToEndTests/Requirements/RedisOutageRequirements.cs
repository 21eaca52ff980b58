using System.Net;
using System.Text.Json;

namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>Without Redis, nodes refuse requests with 503 and end no session.</summary>
[Collection<FarmSiteGroup>]
public sealed class RedisOutageRequirements(FarmSite site)
{
    [Fact]
    public async Task R44_Redis_outage_refuses_requests_and_keeps_sessions()
    {
        var account = await site.RegisterAsync();
        using var visitor = await site.SignInAsync(account);
        var token = await visitor.TokenAsync("/account/sessions");

        await site.StopAsync("redis");
        try
        {
            await AssertLeasesExpireAsync(visitor);
            await AssertRequestsRefusedAsync(visitor.Cookies, account, token, site.EntryPoints);
        }
        finally
        {
            await RestartRedisAsync();
        }
        await site.AssertSignedInAsync(visitor.Cookies, account);
    }

    [Fact]
    public async Task R44_Hanging_Redis_refuses_requests_and_keeps_sessions()
    {
        var account = await site.RegisterAsync();
        using var visitor = await site.SignInAsync(account);
        var token = await visitor.TokenAsync("/account/sessions");

        site.Suspend("redis");
        try
        {
            await AssertLeasesExpireAsync(visitor);
            await AssertRequestsRefusedAsync(visitor.Cookies, account, token, [site.Url, site.Nodes["node-c"]]);
        }
        finally
        {
            site.Resume("redis");
            await WaitUntilReadyAsync();
        }
        await site.AssertSignedInAsync(visitor.Cookies, account);
    }

    /// <summary>A node answers from its cache only during its lease.</summary>
    private async Task AssertLeasesExpireAsync(Visitor visitor)
    {
        foreach (var node in site.Nodes.Values)
        {
            await Wait.UntilAsync(
                async () =>
                {
                    using var response = await visitor.GetAsync("/api/me", node);
                    return response.StatusCode == HttpStatusCode.ServiceUnavailable;
                },
                () => $"{node} stops answering from its cache");
        }
    }

    [Fact]
    public async Task R44_Node_started_without_Redis_waits_for_it()
    {
        var account = await site.RegisterAsync();
        using var visitor = await site.SignInAsync(account);
        var node = site.Nodes["node-b"];

        await site.StopAsync("redis");
        await site.StopAsync("node-b");
        try
        {
            site.Launch("node-b");
            await Wait.UntilAsync(() => Loopback.RespondsAsync(new Uri(node, "/health/live")), () => site.Log);
            Assert.False(await Loopback.RespondsAsync(new Uri(node, "/health/ready")));
            foreach (var cookies in (CookieJar[])[visitor.Cookies, new()])
            {
                using var anyVisitor = new Visitor(site.Url, cookies.Copy());
                AssertPageUnavailable(await Response.ReadAsync(await anyVisitor.GetAsync("/", node)));
                AssertPageUnavailable(await Response.ReadAsync(await anyVisitor.GetAsync("/account/login", node)));
                AssertApiUnavailable(await Response.ReadAsync(await anyVisitor.GetAsync("/api/me", node)));
            }
        }
        finally
        {
            await RestartRedisAsync();
        }
        await site.AssertSignedInAsync(visitor.Cookies, account);
    }

    private async Task AssertRequestsRefusedAsync(
        CookieJar cookies, TestUser account, KeyValuePair<string, string> token, IEnumerable<Uri> entryPoints)
    {
        await Task.WhenAll(entryPoints.Select(async entryPoint =>
        {
            using var visitor = new Visitor(site.Url, cookies.Copy());
            AssertApiUnavailable(await Response.ReadAsync(await visitor.GetAsync("/api/me", entryPoint)));
            AssertPageUnavailable(await Response.ReadAsync(await visitor.GetAsync("/account/sessions", entryPoint)));
            AssertPageUnavailable(
                await Response.ReadAsync(await visitor.PostAsync("/account/logout", [token], entryPoint)));
            Assert.Equal(cookies.Session, visitor.Cookies.Session);
        }));

        // Sign-in is unavailable even with the correct password. A forged cookie is still anonymous.
        using var anonymous = new Visitor(site.Url);
        AssertPageUnavailable(await Response.ReadAsync(await anonymous.SubmitSignInAsync(account)));
        Assert.Null(anonymous.Cookies.Session);
        anonymous.Cookies.Set("sid", "forged");
        using var response = await anonymous.GetAsync("/api/me");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private async Task RestartRedisAsync()
    {
        await site.StartAsync("redis");
        await WaitUntilReadyAsync();
    }

    private Task WaitUntilReadyAsync() => Wait.UntilAsync(
        async () =>
        {
            var ready = await Task.WhenAll(
                site.EntryPoints.Select(entryPoint => Loopback.RespondsAsync(new Uri(entryPoint, "/health/ready"))));
            return ready.All(isReady => isReady);
        },
        () => $"all nodes are ready\n{site.Log}", TimeSpan.FromSeconds(30));

    private static void AssertPageUnavailable(Response response)
    {
        AssertUnavailable(response);
        Assert.Contains("You have not been signed out", response.Body, StringComparison.Ordinal);
    }

    private static void AssertApiUnavailable(Response response)
    {
        AssertUnavailable(response);
        using var body = JsonDocument.Parse(response.Body);
        Assert.Equal("session_store_unavailable", body.RootElement.GetProperty("error").GetString());
    }

    private static void AssertUnavailable(Response response)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.Status);
        Assert.InRange(int.Parse(response.Header("Retry-After")!, null), 1, 60);
        Assert.DoesNotContain("sid=", response.Header("Set-Cookie") ?? "", StringComparison.Ordinal);
        Assert.Contains("no-store", response.Header("Cache-Control")!, StringComparison.Ordinal);
    }
}
