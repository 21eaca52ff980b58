using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions;
using SessionWeb.Sessions.Revocation;

namespace SessionWeb.IntegrationTests.Library;

/// <summary>Which requests the session cache answers, and when it drops a session.</summary>
public sealed class SessionCacheTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static readonly SessionEnd ByAdmin = new(SessionEndReasons.RevokedByAdmin, "root");

    [Fact]
    public async Task Cached_session_needs_no_redis_read()
    {
        await using var app = await StartAsync();
        var cookie = await app.SignInAsync("alice");
        Assert.Equal("alice", await app.WhoAsync(cookie));
        var before = await redis.SessionReadsAsync();

        for (var i = 0; i < 100; i++)
            Assert.Equal("alice", await app.WhoAsync(cookie));

        Assert.Equal(before, await redis.SessionReadsAsync());
    }

    /// <summary>A node may redirect a client to this page before another node has applied the revocation.</summary>
    [Fact]
    public async Task Signed_out_page_does_not_use_the_cache()
    {
        await using var app = await StartAsync();
        var cookie = await app.SignInAsync("alice");
        Assert.Equal("alice", await app.WhoAsync(cookie));
        var tag = AccountTag.For("id-of-alice");
        await (await redis.ConnectAsync()).KeyDeleteAsync($"sw:{tag}");
        Assert.Equal("alice", await app.WhoAsync(cookie));

        using var page = await app.GetAsync("/account/signed-out", cookie);

        Assert.StartsWith("expired", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("session")]
    [InlineData("account")]
    [InlineData("revoke all")]
    [InlineData("sign-out")]
    [InlineData("sign-in beyond the limit")]
    public async Task Ended_session_is_rejected_by_every_node_afterwards(string action)
    {
        await using var a = await StartAsync(options => options.MaxPerAccount = 1);
        await using var b = await StartAsync(options => options.MaxPerAccount = 1);
        await using var c = await StartAsync(options => options.MaxPerAccount = 1);
        PlainApp[] nodes = [a, b, c];
        var tag = AccountTag.For("id-of-alice");
        for (var round = 0; round < 20; round++)
        {
            var cookie = await a.SignInAsync("alice");
            foreach (var node in nodes)
                Assert.Equal(("alice", "alice"), (await node.WhoAsync(cookie), await node.WhoAsync(cookie)));

            switch (action)
            {
                case "session":
                    var session = (await b.Store.ListAsync([tag], Cancel)).Single();
                    Acknowledged(await b.Store.EndAsync(tag, session.Handle, ByAdmin, Cancel));
                    break;
                case "account":
                    Acknowledged(await b.Store.EndAccountAsync(tag, ByAdmin, cancellationToken: Cancel));
                    break;
                case "revoke all":
                    Acknowledged(await b.Store.EndAllAsync(ByAdmin, cancellationToken: Cancel));
                    break;
                case "sign-out":
                    (await b.PostAsync("/out", cookie, Cancel)).Dispose();
                    break;
                default:
                    await b.SignInAsync("alice");
                    break;
            }

            foreach (var node in nodes)
            {
                Assert.StartsWith(
                    "303 /account/signed-out?reason=", await node.WhoAsync(cookie), StringComparison.Ordinal);
            }
        }

        static void Acknowledged(RevocationResult revocation)
        {
            Assert.False(revocation.Pending);
            Assert.True(revocation.Ended > 0);
            Assert.Equal(3, revocation.Nodes.Count(node => node.AcknowledgedAfter is not null));
        }
    }

    [Fact]
    public async Task Revoke_all_keeps_the_excluded_session_and_allows_sign_in()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        var root = await a.SignInAsync("root");
        var others = new List<string>();
        for (var i = 0; i < 20; i++)
            others.Add(await a.SignInAsync($"user-{i}"));
        var kept = (await a.Store.ListAsync([AccountTag.For("id-of-root")], Cancel)).Single();

        var revocation = await a.Store.EndAllAsync(ByAdmin with { Message = "Upgrade." }, kept.Key, Cancel);

        Assert.True(revocation.Ended >= 20);
        Assert.Equal(("root", "root"), (await a.WhoAsync(root), await b.WhoAsync(root)));
        foreach (var cookie in others)
            Assert.StartsWith("303", await b.WhoAsync(cookie), StringComparison.Ordinal);
        Assert.Equal("user-3", await b.WhoAsync(await a.SignInAsync("user-3")));
        var recent = await b.Store.ListRecentAsync(0, 100, Cancel);
        Assert.Equal(["root", "user-3"], recent.Sessions.Select(session => session.AccountName).Order());
        Assert.NotNull((await b.Store.ReadAsync(kept.Key, Cancel)).Session);
    }

    /// <summary>Nodes apply pending revocations of other nodes again.</summary>
    [Fact]
    public async Task Replaying_revoke_all_keeps_newer_sessions()
    {
        await using var app = await StartAsync();
        await app.SignInAsync("alice");
        var coordinator = app.Services.GetRequiredService<RevocationCoordinator>();
        var revokeAll = new RevocationRequest
        {
            End = ByAdmin,
            Generation = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        };
        await coordinator.ApplyAsync(revokeAll);
        var bob = await app.SignInAsync("bob");

        await coordinator.ApplyAsync(revokeAll);

        Assert.Equal("bob", await app.WhoAsync(bob));
        Assert.Equal(
            ["bob"], (await app.Store.ListRecentAsync(0, 10, Cancel)).Sessions.Select(session => session.AccountName));
    }

    [Fact]
    public async Task Revocation_does_not_wait_for_a_stopped_node()
    {
        await using var a = await StartAsync();
        var b = await StartAsync();
        var cookie = await a.SignInAsync("carol");
        await b.WhoAsync(cookie);
        await b.DisposeAsync();

        var revocation = await a.Store.EndAccountAsync(
            AccountTag.For("id-of-carol"), ByAdmin, cancellationToken: Cancel);

        Assert.Equal(1, revocation.Ended);
        Assert.All(revocation.Nodes, node => Assert.NotNull(node.AcknowledgedAfter));
    }

    [Fact]
    public async Task Changes_to_the_principal_affect_only_their_request()
    {
        await using var app = await PlainApp.StartAsync(
            redis.Configuration, pipeline: pipeline => pipeline.Use(async (context, next) =>
            {
                await next();
                if (context.Request.Path != "/roles")
                    return;
                ((ClaimsIdentity)context.User.Identity!).AddClaim(new("role", "admin"));
                context.User.AddIdentity(new([new("role", "owner")]));
            }));
        var cookie = await app.SignInAsync("alice");

        for (var i = 0; i < 3; i++)
            Assert.Equal("", await (await app.GetAsync("/roles", cookie)).Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Cache_size_is_limited_and_evicted_sessions_are_read_again()
    {
        await using var app = await StartAsync(options => options.NearCacheSize = 256);
        var cookies = await Task.WhenAll(Enumerable.Range(0, 600).Select(i => app.SignInAsync($"many-{i}")));
        for (var round = 0; round < 2; round++)
        {
            foreach (var (i, cookie) in cookies.Index())
                Assert.Equal($"many-{i}", await app.WhoAsync(cookie));
        }

        Assert.InRange(app.Services.GetRequiredService<Sessions.Caching.SessionCache>().Count, 100, 256);
    }

    private Task<PlainApp> StartAsync(Action<SessionsOptions>? options = null) =>
        PlainApp.StartAsync(redis.Configuration, options);
}
