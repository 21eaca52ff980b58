using Microsoft.AspNetCore.Authentication.Cookies;
using SessionWeb.Sessions;
using StackExchange.Redis;

namespace SessionWeb.IntegrationTests.Library;

public sealed class RedisEventStreamTests(RedisServer redis) : EventStreamContract, IClassFixture<RedisServer>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        var database = await redis.ConnectAsync();
        foreach (var key in (await redis.DumpAsync()).Keys.Where(key => key.Contains('{', StringComparison.Ordinal)))
            await database.KeyDeleteAsync(key);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private protected override Task<PlainApp> NodeAsync(
        Action<SessionsOptions>? sessions = null, Action<CookieAuthenticationOptions>? cookies = null) =>
        PlainApp.StartAsync(redis.Configuration, sessions, cookies: cookies);

    [Fact]
    public async Task Open_pages_cost_redis_nothing()
    {
        await using var here = await NodeAsync();
        var cookies = new List<string>();
        for (var i = 0; i < 10; i++)
            cookies.Add(await here.SignInAsync($"account-{i}"));
        var pages = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => EventStreamClient.OpenAsync(here, cookies[i % 10])));

        // Each session is looked at when a page is opened, and once more when the node has begun to listen.
        var reads = await FinishedReadsAsync();

        var until = DateTimeOffset.UtcNow.AddSeconds(3);
        await Eventually.TrueAsync(() => DateTimeOffset.UtcNow > until, "some seconds have passed");
        Assert.Equal(reads, await redis.SessionReadsAsync());

        await here.Store.EndAccountAsync(AccountTag.For("id-of-account-3"), new(SessionEndReasons.SignedOut), cancellationToken: Cancel);
        for (var i = 3; i < 100; i += 10)
            Assert.Equal(SessionEndReasons.SignedOut, await pages[i].ReasonAsync());
        // No other session was read.
        Assert.InRange(await redis.SessionReadsAsync(), reads + 1, reads + 10);
        foreach (var page in pages)
            page.Dispose();
    }

    [Fact]
    public async Task B06_Session_is_read_once_for_all_its_streams()
    {
        await using var here = await NodeAsync();
        var (alice, other) = (await here.SignInAsync("alice"), await here.SignInAsync("alice"));
        var pages = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => EventStreamClient.OpenAsync(here, i % 2 == 0 ? alice : other)));
        var reads = await FinishedReadsAsync();

        await (await redis.ConnectAsync()).PublishAsync(RedisChannel.Literal("sw:ended"), AccountTag.For("id-of-alice").Value);

        await Eventually.TrueAsync(async () => await redis.SessionReadsAsync() > reads, "the node looks at the sessions");
        Assert.Equal(reads + 2, await FinishedReadsAsync());
        foreach (var page in pages)
            page.Dispose();
    }

    private async Task<long> FinishedReadsAsync()
    {
        var reads = -1L;
        await Eventually.TrueAsync(async () =>
        {
            var (before, since) = (reads, DateTimeOffset.UtcNow);
            await Eventually.TrueAsync(() => DateTimeOffset.UtcNow > since.AddMilliseconds(600), "a moment has passed");
            return before == (reads = await redis.SessionReadsAsync());
        }, "the looks are over");
        return reads;
    }

    [Fact]
    public async Task Ending_that_nobody_told_of_is_noticed_when_the_connection_is_back()
    {
        await using var here = await NodeAsync();
        using var page = await EventStreamClient.OpenAsync(here, await here.SignInAsync("alice"));
        using var live = await EventStreamClient.OpenAsync(here, await here.SignInAsync("bob"));
        var server = await redis.ConnectAsync();
        await Eventually.TrueAsync(async () => (int)await server.PublishAsync(RedisChannel.Literal("sw:ended"), AccountTag.For("unknown").Value) > 0, "the node listens");

        await server.KeyDeleteAsync($"sw:{AccountTag.For("id-of-alice")}");
        await server.ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub");

        Assert.Equal(SessionEndReasons.Expired, await page.ReasonAsync());
        await here.Store.EndAccountAsync(AccountTag.For("id-of-bob"), new(SessionEndReasons.RevokedByYou), cancellationToken: Cancel);
        Assert.Equal(SessionEndReasons.RevokedByYou, await live.ReasonAsync());
    }

    [Fact]
    public async Task Stream_outlives_redis_and_is_told_when_it_is_back()
    {
        await using var here = await NodeAsync(options => options.IdleTimeout = TimeSpan.FromSeconds(2));
        using var page = await EventStreamClient.OpenAsync(here, await here.SignInAsync("alice"));
        var told = page.NextRevokedAsync();
        redis.Kill();
        try
        {
            var end = DateTimeOffset.UtcNow.AddSeconds(4);
            await Eventually.TrueAsync(() => DateTimeOffset.UtcNow > end, "the session should be over");
            Assert.False(told.IsCompleted);
        }
        finally
        {
            await redis.StartAsync();
        }
        Assert.NotNull(await told);
    }
}
