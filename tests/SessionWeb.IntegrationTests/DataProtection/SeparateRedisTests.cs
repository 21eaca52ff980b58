using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.DataProtection;

/// <summary>The key ring and the sessions may be in different Redis servers.</summary>
public sealed class SeparateRedisTests(RedisServer keys) : IClassFixture<RedisServer>, IAsyncLifetime
{
    private readonly RedisServer _sessions = new();

    public ValueTask InitializeAsync() => _sessions.InitializeAsync();

    public ValueTask DisposeAsync() => _sessions.DisposeAsync();

    [Fact]
    public async Task B18_Keys_and_sessions_use_separate_redis_servers()
    {
        await using var app = await PlainApp.StartAsync(_sessions.Configuration, keys: keys.Configuration);
        Assert.Equal("alice", await app.WhoAsync(await app.SignInAsync("alice")));
        await app.Store.EndAccountAsync(
            AccountTag.For("id-of-alice"), new(SessionEndReasons.SignedOut),
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(
            ["DataProtection-Keys"], (await keys.DumpAsync()).Keys.Where(key => key != "DataProtection-Keys:creating"));
        var stored = (await _sessions.DumpAsync()).Keys;
        Assert.Contains(stored, key => key.StartsWith("sw:log", StringComparison.Ordinal));
        Assert.Contains($"sw:{AccountTag.For("id-of-alice")}", stored);
        Assert.DoesNotContain(stored, key => key.StartsWith("DataProtection", StringComparison.Ordinal));
    }

    [Fact]
    public async Task B18_Last_configured_key_ring_is_used()
    {
        var services = new ServiceCollection();
        services.AddDataProtection()
            .PersistKeysToRedis(keys.Configuration, "first").PersistKeysToRedis(_sessions.Configuration, "last");
        services.Configure<SessionsOptions>(options => options.StoreTimeout = TimeSpan.FromSeconds(20));
        await using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect([1]);

        Assert.False(await (await keys.ConnectAsync()).KeyExistsAsync("first"));
        Assert.True(await (await _sessions.ConnectAsync()).KeyExistsAsync("last"));
    }

    [Theory]
    [InlineData("two connection strings")]
    [InlineData("store after redis")]
    [InlineData("redis after store")]
    public void B18_Second_store_is_rejected(string choice)
    {
        var services = new ServiceCollection();
        var sessions = services.AddAuthentication().AddCookie().AddServerSideSessions();
        Action<string> second = choice == "store after redis"
            ? _ => sessions.UseStore<ISessionStore>()
            : redis => sessions.UseRedis(redis);
        if (choice == "redis after store")
            sessions.UseStore<ISessionStore>();
        else
            sessions.UseRedis(keys.Configuration);

        var exception = Assert.Throws<InvalidOperationException>(() => second(_sessions.Configuration));
        Assert.StartsWith("The session store must be configured once", exception.Message, StringComparison.Ordinal);
    }
}
