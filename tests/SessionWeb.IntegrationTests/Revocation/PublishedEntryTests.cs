using SessionWeb.Sessions;
using StackExchange.Redis;

namespace SessionWeb.IntegrationTests.Revocation;

/// <summary>
/// Log entries are also published. A published entry may save a read of the log, but never replaces the log.
/// </summary>
public sealed class PublishedEntryTests(RedisServer server) : IClassFixture<RedisServer>, IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private JournaledNode _node = null!;
    private JournaledNode _other = null!;
    private IDatabase _redis = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _node = await JournaledNode.StartAsync(server.Configuration, _directory);
        _other = await JournaledNode.StartAsync(server.Configuration, _directory);
        _redis = await server.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _other.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Unpublished_entry_is_applied_before_the_next()
    {
        for (var i = 0; i < 20; i++)
        {
            var (unpublished, published) = (await _node.CreateAsync(), await _node.CreateAsync());
            Assert.True(await _other.IsLiveAsync(unpublished));
            await _redis.ScriptEvaluateAsync(
                """
                local n = redis.call('HINCRBY', KEYS[1], 'seq', 1)
                redis.call('ZADD', KEYS[2], n,
                    '1 lost' .. n .. ' ' .. redis.call('TIME')[1] .. '000 '
                        .. ARGV[1] .. ' - ' .. ARGV[2] .. ' - ' .. n)
                """,
                ["sw:log:state", "sw:log"], [unpublished.Account.Value, unpublished.Handle]);

            Assert.Equal(2, (await RevokeAsync(published)).Nodes.Count(node => node.AcknowledgedAfter is not null));

            Assert.False(await _other.IsLiveAsync(unpublished));
            Assert.False(await _other.IsLiveAsync(published));
        }
    }

    [Theory]
    [InlineData("another {1} 1 id 0 {2} - {3} - {1}")]
    [InlineData("{0} {4} 1 id 0 {2} - {3} - {4}")]
    [InlineData("{0} {1} 2 id 0 {2} - {3} - {1}")]
    [InlineData("{0} {1} 1 id x {2} - {3} - {1}")]
    [InlineData("{0} 99999999999999999999 1 id 0 {2} - {3} -")]
    [InlineData("{0} {1}")]
    [InlineData("text")]
    [InlineData("")]
    public async Task Message_that_is_not_the_next_entry_is_ignored(string format)
    {
        var (session, other) = (await _node.CreateAsync(), await _node.CreateAsync());
        var head = (long)await _redis.HashGetAsync("sw:log:state", "seq");
        var incarnation = (await _node.LogAsync()).Incarnation;

        await _redis.PublishAsync(
            RedisChannel.Literal("sw:log"),
            string.Format(null, format, incarnation, head + 1, session.Account.Value, session.Handle, head + 2));

        // Redis delivers messages in the order of publication.
        Assert.Equal(2, (await RevokeAsync(other)).Nodes.Count(node => node.AcknowledgedAfter is not null));
        Assert.True(await _node.IsLiveAsync(session));
        Assert.True(await _other.IsLiveAsync(session));
    }

    private Task<RevocationResult> RevokeAsync(SessionKey session) =>
        _node.Store.EndAsync(session.Account, session.Handle, new(SessionEndReasons.RevokedByAdmin, "root"), Cancel);
}
