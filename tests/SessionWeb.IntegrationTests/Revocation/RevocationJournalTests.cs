using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions;
using SessionWeb.Sessions.Redis;
using SessionWeb.Sessions.Revocation;

namespace SessionWeb.IntegrationTests.Revocation;

/// <summary>
/// Revocations are recorded in the journal first. Nodes apply them from there when Redis was unavailable or lost them.
/// </summary>
public sealed class RevocationJournalTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly SessionEnd ByAdmin = new(SessionEndReasons.RevokedByAdmin, "root", "Maintenance.");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Revocation_without_redis_is_pending_and_applied_later()
    {
        using var directory = new TemporaryDirectory();
        await using var node = await NodeAsync(directory);
        var store = node.Store;
        var session = await node.CreateAsync();
        redis.Kill();

        var revocation = await store.EndAsync(session.Account, session.Handle, ByAdmin, Cancel);
        Assert.True(revocation.Pending);
        Assert.Empty(revocation.Nodes);

        await redis.StartAsync();
        await Wait.UntilAsync(async () => await node.IsAcknowledgedAsync(), "the revocation is acknowledged");
        Assert.Null((await store.ReadAsync(session, Cancel)).Session);
    }

    [Fact]
    public async Task Recorded_revoke_all_is_applied_by_another_node()
    {
        using var directory = new TemporaryDirectory();
        SessionKey session;
        await using (var stopped = await NodeAsync(directory))
        {
            session = await stopped.CreateAsync();
            // The node records the revocation and stops before it applies it.
            await stopped.Services.GetRequiredService<IRevocationJournal>().AddAsync(
                new() { Generation = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), End = ByAdmin }, Cancel);
        }

        await using var other = await NodeAsync(directory);
        var store = other.Store;
        await Wait.UntilAsync(async () => await other.IsAcknowledgedAsync(), "the revocation is acknowledged");
        Assert.Equal(ByAdmin, (await store.ReadAsync(session, Cancel)).End! with { At = default });
    }

    [Fact]
    public async Task Replaying_revoke_all_keeps_newer_sessions()
    {
        using var directory = new TemporaryDirectory();
        await using var node = await NodeAsync(directory);
        var (store, coordinator) = (node.Store, node.Services.GetRequiredService<RevocationCoordinator>());
        var (before, kept) = (await node.CreateAsync(), await node.CreateAsync());
        RevocationRequest RevokeAll() => new()
        {
            KeptAccount = kept.Account,
            KeptHandle = kept.Handle,
            Generation = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            End = ByAdmin,
        };
        var (first, second) = (RevokeAll(), RevokeAll());
        await coordinator.ApplyAsync(first);
        await coordinator.ApplyAsync(second);
        var newer = await node.CreateAsync();

        // As a node does that read the journal before the revocations were acknowledged.
        await coordinator.ApplyAsync(first);
        await coordinator.ApplyAsync(second);

        Assert.Null((await store.ReadAsync(before, Cancel)).Session);
        Assert.NotNull((await store.ReadAsync(kept, Cancel)).Session);
        Assert.NotNull((await store.ReadAsync(newer, Cancel)).Session);
        Assert.Equal(2, (await store.ListRecentAsync(0, 10, Cancel)).Total);
    }

    [Fact]
    public async Task A05_Session_created_while_revoke_all_is_pending_stays()
    {
        using var directory = new TemporaryDirectory();
        await using var node = await NodeAsync(directory);
        var (store, journal) = (node.Store, node.Services.GetRequiredService<IRevocationJournal>());
        var before = await node.CreateAsync();
        var pending = await journal.AddAsync(new() { End = ByAdmin }, Cancel);
        var newer = await node.CreateAsync();
        Assert.NotNull((await store.ReadAsync(before, Cancel)).Session);

        Assert.False((await store.ApplyAsync(pending, Cancel)).Pending);

        Assert.Null((await store.ReadAsync(before, Cancel)).Session);
        Assert.NotNull((await store.ReadAsync(newer, Cancel)).Session);
        Assert.Equal([newer], (await store.ListRecentAsync(0, 100, Cancel)).Sessions.Select(session => session.Key));
        Assert.False((await store.EndAllAsync(ByAdmin, cancellationToken: Cancel)).Pending);
        Assert.Null((await store.ReadAsync(newer, Cancel)).Session);
    }

    [Fact]
    public async Task A05_Late_revoke_all_keeps_sessions_after_a_later_one()
    {
        using var directory = new TemporaryDirectory();
        await using var node = await NodeAsync(directory);
        var (store, journal) = (node.Store, node.Services.GetRequiredService<IRevocationJournal>());
        var before = await node.CreateAsync();
        var late = await journal.AddAsync(new() { End = ByAdmin }, Cancel);
        Assert.False((await store.EndAllAsync(ByAdmin, cancellationToken: Cancel)).Pending);
        var newer = await node.CreateAsync();

        var revocation = await store.ApplyAsync(late, Cancel);

        Assert.False(revocation.Pending);
        Assert.Equal(0, revocation.Ended);
        Assert.NotEmpty(revocation.Nodes);
        Assert.Null((await store.ReadAsync(before, Cancel)).Session);
        Assert.NotNull((await store.ReadAsync(newer, Cancel)).Session);
    }

    [Fact]
    public async Task A05_Revoke_all_takes_an_epoch_above_a_pending_one()
    {
        // The epoch stays ahead of the clock, which would affect the other tests.
        await using var server = new RedisServer();
        await server.InitializeAsync();
        using var directory = new TemporaryDirectory();
        await using var node = await NodeAsync(directory, server);
        var (store, journal) = (node.Store, node.Services.GetRequiredService<IRevocationJournal>());
        var ahead = new RevocationRequest
        {
            Generation = DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeMilliseconds(),
            End = ByAdmin,
        };
        await journal.AddAsync(ahead, Cancel);
        var session = await node.CreateAsync();

        Assert.False((await store.EndAllAsync(ByAdmin, cancellationToken: Cancel)).Pending);

        Assert.Null((await store.ReadAsync(session, Cancel)).Session);
    }

    [Fact]
    public async Task R38_Claims_stay_stale_when_redis_loses_their_version()
    {
        using var directory = new TemporaryDirectory();
        await using var node = await NodeAsync(directory);
        await using var other = await NodeAsync(directory);
        var store = node.Store;
        var session = await node.CreateAsync();
        var restore = await SnapshotAsync(session.Account);

        Assert.False((await store.InvalidateClaimsAsync(session.Account, 3, Cancel)).Pending);
        await restore();

        Assert.Null(
            (await node.Services.GetRequiredService<RedisSessions>().ReadAsync(session, Cancel)).CurrentClaimsVersion);
        Assert.Equal(3, (await store.ReadAsync(session, Cancel)).CurrentClaimsVersion);
        Assert.Equal(3, (await other.Store.ReadAsync(session, Cancel)).CurrentClaimsVersion);
        Assert.Equal(
            ReplaceOutcome.Replaced,
            await store.ReplaceTicketAsync(session, new() { Ticket = new byte[10], ClaimsVersion = 3 }, Cancel));
        Assert.Null((await other.Store.ReadAsync(session, Cancel)).CurrentClaimsVersion);
    }

    [Theory]
    [InlineData("allkeys-lru")]
    [InlineData("volatile-ttl")]
    public async Task Redis_with_an_eviction_policy_stops_startup(string policy)
    {
        var server = await redis.ConnectAsync();
        await server.ExecuteAsync("CONFIG", "SET", "maxmemory", "1gb");
        await server.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", policy);
        try
        {
            using var directory = new TemporaryDirectory();
            var exception = await Assert.ThrowsAsync<UnsupportedStoreException>(() => NodeAsync(directory));
            Assert.Equal(
                $"Redis has the maxmemory-policy {policy}, which evicts sessions and revocations when memory is full. "
                + "The maxmemory-policy must be noeviction.",
                exception.Message);
        }
        finally
        {
            await server.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
            await server.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        }
    }

    private Task<JournaledNode> NodeAsync(TemporaryDirectory directory, RedisServer? server = null) =>
        JournaledNode.StartAsync((server ?? redis).Configuration, directory);

    /// <returns>A function that restores the account, as if Redis had lost all later writes to it.</returns>
    private async Task<Func<Task>> SnapshotAsync(AccountTag account)
    {
        var server = await redis.ConnectAsync();
        var (key, value) = ($"sw:{account}", await server.KeyDumpAsync($"sw:{account}"));
        return () => server.ExecuteAsync("RESTORE", key, 0, value!, "REPLACE");
    }
}
