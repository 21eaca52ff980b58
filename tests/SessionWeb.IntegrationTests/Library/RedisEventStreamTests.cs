using Microsoft.AspNetCore.Authentication.Cookies;
using SessionWeb.Sessions;
using StackExchange.Redis;

namespace SessionWeb.IntegrationTests.Library;

public sealed class RedisEventStreamTests(RedisServer redis) : EventStreamContract, IClassFixture<RedisServer>
{
    private protected override Task<PlainApp> NodeAsync(
        Action<SessionsOptions>? sessions = null, Action<CookieAuthenticationOptions>? cookies = null) =>
        PlainApp.StartAsync(redis.Configuration, sessions, cookies: cookies);

    [Fact]
    public async Task Open_streams_need_no_redis_reads()
    {
        await using var node = await NodeAsync();
        var cookies = new List<string>();
        for (var i = 0; i < 10; i++)
            cookies.Add(await node.SignInAsync($"account-{i}"));
        var streams = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => EventStreamClient.OpenAsync(node, cookies[i % 10])));

        // The node checks each session when a stream opens, and again when it has subscribed.
        var reads = await FinishedReadsAsync();

        var until = DateTimeOffset.UtcNow.AddSeconds(3);
        await Wait.UntilAsync(() => DateTimeOffset.UtcNow > until, "three seconds have passed");
        Assert.Equal(reads, await redis.SessionReadsAsync());

        await node.Store.EndAccountAsync(
            AccountTag.For("id-of-account-3"), new(SessionEndReasons.SignedOut), cancellationToken: Cancel);
        for (var i = 3; i < 100; i += 10)
            Assert.Equal(SessionEndReasons.SignedOut, await streams[i].ReasonAsync());
        // No other session was read.
        Assert.InRange(await redis.SessionReadsAsync(), reads + 1, reads + 10);
        foreach (var stream in streams)
            stream.Dispose();
    }

    [Fact]
    public async Task B06_Session_is_read_once_for_all_its_streams()
    {
        await using var node = await NodeAsync();
        var (alice, other) = (await node.SignInAsync("alice"), await node.SignInAsync("alice"));
        var streams = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => EventStreamClient.OpenAsync(node, i % 2 == 0 ? alice : other)));
        var reads = await FinishedReadsAsync();

        await (await redis.ConnectAsync()).PublishAsync(
            RedisChannel.Literal("sw:ended"), AccountTag.For("id-of-alice").Value);

        await Wait.UntilAsync(async () => await redis.SessionReadsAsync() > reads, "the node checks the sessions");
        Assert.Equal(reads + 2, await FinishedReadsAsync());
        foreach (var stream in streams)
            stream.Dispose();
    }

    private async Task<long> FinishedReadsAsync()
    {
        var reads = -1L;
        await Wait.UntilAsync(async () =>
        {
            var (before, since) = (reads, DateTimeOffset.UtcNow);
            await Wait.UntilAsync(() => DateTimeOffset.UtcNow > since.AddMilliseconds(600), "the interval has passed");
            return before == (reads = await redis.SessionReadsAsync());
        }, "the node reads no more sessions");
        return reads;
    }

    [Fact]
    public async Task Unpublished_end_is_detected_after_a_reconnect()
    {
        await using var node = await NodeAsync();
        using var stream = await EventStreamClient.OpenAsync(node, await node.SignInAsync("alice"));
        using var other = await EventStreamClient.OpenAsync(node, await node.SignInAsync("bob"));
        var server = await redis.ConnectAsync();
        await Wait.UntilAsync(
            async () => (int)await server.PublishAsync(
                RedisChannel.Literal("sw:ended"), AccountTag.For("unknown").Value) > 0,
            "the node has subscribed");

        await server.KeyDeleteAsync($"sw:{AccountTag.For("id-of-alice")}");
        await server.ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub");

        Assert.Equal(SessionEndReasons.Expired, await stream.ReasonAsync());
        await node.Store.EndAccountAsync(
            AccountTag.For("id-of-bob"), new(SessionEndReasons.RevokedByYou), cancellationToken: Cancel);
        Assert.Equal(SessionEndReasons.RevokedByYou, await other.ReasonAsync());
    }

    [Fact]
    public async Task Stream_survives_an_outage_and_then_reports_the_end()
    {
        await using var node = await NodeAsync(options => options.IdleTimeout = TimeSpan.FromSeconds(2));
        using var stream = await EventStreamClient.OpenAsync(node, await node.SignInAsync("alice"));
        var revoked = stream.NextRevokedAsync();
        redis.Kill();
        try
        {
            var end = DateTimeOffset.UtcNow.AddSeconds(4);
            await Wait.UntilAsync(() => DateTimeOffset.UtcNow > end, "the session should have expired");
            Assert.False(revoked.IsCompleted);
        }
        finally
        {
            await redis.StartAsync();
        }
        Assert.NotNull(await revoked);
    }
}
