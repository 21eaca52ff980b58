using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions;
using StackExchange.Redis;

namespace SessionWeb.IntegrationTests.DataProtection;

public sealed class SharedKeyRingTests(RedisServer server) : IClassFixture<RedisServer>
{
    private const int Nodes = 10;

    private readonly string _list = $"keys-{Guid.NewGuid():N}";

    [Fact]
    public async Task Nodes_starting_with_an_empty_ring_create_one_key()
    {
        using var start = new Barrier(Nodes);
        var nodes = Enumerable.Range(0, Nodes).Select(_ => Node()).ToList();
        var protectedText = await Task.WhenAll(nodes.Select(node => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Protector(node).Protect("hello");
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        var redis = await server.ConnectAsync();
        Assert.Equal(1, await redis.ListLengthAsync(_list));
        // A node may take the lock just after another node stored the key. That lock delays no node and expires.
        Assert.True(!await redis.KeyExistsAsync(_list + ":creating")
            || await redis.KeyTimeToLiveAsync(_list + ":creating") is not null);
        foreach (var node in nodes)
            Assert.All(protectedText, value => Assert.Equal("hello", Protector(node).Unprotect(value)));
        nodes.ForEach(node => node.Dispose());
    }

    [Fact]
    public async Task Lock_of_a_stopped_node_expires()
    {
        var redis = await server.ConnectAsync();
        await redis.StringSetAsync(_list + ":creating", "1", TimeSpan.FromMilliseconds(500), When.Always);

        using var node = Node();
        Assert.Equal("hello", Protector(node).Unprotect(Protector(node).Protect("hello")));
        Assert.Equal(1, await redis.ListLengthAsync(_list));
    }

    [Fact]
    public async Task Ring_uses_the_format_of_the_framework()
    {
        using (var node = Node("DataProtection-Keys"))
            Protector(node).Protect("hello");

        var redis = await server.ConnectAsync();
        Assert.Equal(RedisType.List, await redis.KeyTypeAsync("DataProtection-Keys"));
        var text = (string)(await redis.ListRangeAsync("DataProtection-Keys")).Single()!;
        Assert.DoesNotContain('\n', text);
        var key = XElement.Parse(text);
        Assert.Equal("key", key.Name);
        Assert.NotEqual(Guid.Empty, (Guid)key.Attribute("id")!);
    }

    [Fact]
    public async Task Ring_written_by_the_framework_is_read()
    {
        var folder = Directory.CreateTempSubdirectory("sessionweb-keys-");
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("Keys").PersistKeysToFileSystem(folder);
        await using var other = services.BuildServiceProvider();
        var protectedText = Protector(other).Protect("hello");
        var redis = await server.ConnectAsync();
        foreach (var file in folder.EnumerateFiles("*.xml"))
            await redis.ListRightPushAsync(_list, XElement.Load(file.FullName).ToString(SaveOptions.DisableFormatting));

        using var node = Node();
        Assert.Equal("hello", Protector(node).Unprotect(protectedText));
        Protector(node).Protect("hello");
        Assert.Equal(1, await redis.ListLengthAsync(_list));
        folder.Delete(recursive: true);
    }

    private ServiceProvider Node(string? list = null)
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("Keys").PersistKeysToRedis(server.Configuration, list ?? _list);
        // Leaves time for a busy machine.
        services.Configure<SessionsOptions>(options => options.StoreTimeout = TimeSpan.FromSeconds(20));
        return services.BuildServiceProvider();
    }

    private static IDataProtector Protector(ServiceProvider node) =>
        node.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
}
