using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SessionWeb.Sessions;
using SessionWeb.Sessions.Redis;
using StackExchange.Redis;

namespace SessionWeb.IntegrationTests.Stores;

public sealed class RedisSessionStoreTests(RedisServer server)
    : SessionStoreContract, IClassFixture<RedisServer>, IAsyncLifetime
{
    private IHost _node = null!;

    protected override ISessionStore Store => _node.Services.GetRequiredService<ISessionStore>();

    public async ValueTask InitializeAsync()
    {
        await (await server.ConnectAsync()).ExecuteAsync("FLUSHALL");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAuthentication().AddCookie()
            .AddServerSideSessions(
                options => (options.StoreTimeout, options.Lease) = (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1)))
            .UseRedis(server.Configuration);
        _node = builder.Build();
        await _node.StartAsync();
        await _node.Services.WaitForRedisAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.StopAsync();
        _node.Dispose();
    }

    private CancellationToken Cancel { get; } = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Account_has_one_key_and_all_keys_have_an_expiry()
    {
        var created = await CreateAsync();
        var ended = await CreateAsync();
        await Store.EndAsync(ended.Key.Account, ended.Key.Handle, new(SessionEndReasons.SignedOut), Cancel);

        var redis = await server.ConnectAsync();
        var keys = (await server.DumpAsync()).Keys;
        var tag = created.Key.Account;
        Assert.Equivalent(
            new[] { $"sw:{tag}", $"sw:{tag}:{ended.Key.Handle}" },
            keys.Where(key => !key.StartsWith("sw:recent:", StringComparison.Ordinal)
                && !key.StartsWith("sw:log", StringComparison.Ordinal)),
            strict: true);
        foreach (var key in keys.Where(key => !key.StartsWith("sw:log", StringComparison.Ordinal)))
            Assert.NotNull(await redis.KeyTimeToLiveAsync(key));
    }

    [Fact]
    public async Task Frozen_redis_is_reported_within_the_deadline()
    {
        var created = await CreateAsync();
        server.Suspend();
        try
        {
            await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => Store.ReadAsync(created.Key, Cancel));
            await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => Store.CreateAsync(NewSession(), Cancel));
        }
        finally
        {
            server.Resume();
        }
        await IsLiveAgainAsync(created);
    }

    [Fact]
    public async Task Sessions_are_valid_after_redis_restarts()
    {
        await server.SyncEveryWriteAsync();
        var created = await CreateAsync();
        server.Kill();
        try
        {
            await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => Store.ReadAsync(created.Key, Cancel));
        }
        finally
        {
            await server.StartAsync();
        }
        await IsLiveAgainAsync(created);
    }

    [Fact]
    public async Task Full_redis_rejects_new_sessions_only()
    {
        var created = await CreateAsync();
        var redis = await server.ConnectAsync();
        await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1mb");
        try
        {
            await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => Store.CreateAsync(NewSession(), Cancel));
            Assert.True(await IsLiveAsync(created));
            Assert.True(await Store.TouchAsync(created.Key, Cancel));
            Assert.Equal(
                1,
                (await Store.EndAsync(
                    created.Key.Account, created.Key.Handle, new(SessionEndReasons.RevokedByAdmin), Cancel)).Ended);
            Assert.False(await IsLiveAsync(created));
        }
        finally
        {
            await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        }
    }

    [Fact]
    public async Task Many_orphaned_index_entries_do_not_hide_a_session()
    {
        var redis = await server.ConnectAsync();
        var stale = DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeMilliseconds();
        var handle = new string('h', SessionKey.HandleLength);
        var shards = Enumerable.Range(0, 5000).Select(i => AccountTag.For($"orphan-{i}"))
            .GroupBy(tag => $"sw:recent:{tag.Value[0] % 16}");
        foreach (var shard in shards)
        {
            await redis.SortedSetAddAsync(
                shard.Key, [.. shard.Select(tag => new SortedSetEntry(RecentSession.ElementOf(tag, handle), stale))]);
        }

        var created = await CreateAsync();
        // Older than all entries without a session.
        await redis.SortedSetAddAsync(
            $"sw:recent:{created.Key.Account.Value[0] % 16}",
            RecentSession.ElementOf(created.Key.Account, created.Key.Handle), stale - 60_000);

        var page = await Store.ListRecentAsync(0, 10, Cancel);

        Assert.Equal([created.Key], page.Sessions.Select(session => session.Key));
        Assert.Equal(1, page.Total);
    }

    [Fact]
    public async Task Orphaned_index_entry_is_not_listed()
    {
        var redis = await server.ConnectAsync();
        var stale = DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeMilliseconds();
        for (var shard = 0; shard < 16; shard++)
        {
            await redis.SortedSetAddAsync(
                $"sw:recent:{shard}",
                RecentSession.ElementOf(AccountTag.For("orphan"), new string('h', SessionKey.HandleLength)), stale);
        }

        var created = await CreateAsync();

        var page = await Store.ListRecentAsync(0, 10, Cancel);

        Assert.Equal([created.Key], page.Sessions.Select(session => session.Key));
        Assert.Equal(1, page.Total);
    }

    private Task IsLiveAgainAsync(NewSession session) => Wait.UntilAsync(async () =>
    {
        try
        {
            return await IsLiveAsync(session);
        }
        catch (SessionStoreUnavailableException)
        {
            return false;
        }
    }, "the session is valid again");
}
