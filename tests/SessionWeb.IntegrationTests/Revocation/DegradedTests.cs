using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SessionWeb.Data;
using SessionWeb.SessionStorage;
using SessionWeb.Sessions;
using SessionWeb.Sessions.Redis;
using SessionWeb.Sessions.Revocation;

namespace SessionWeb.IntegrationTests.Revocation;

/// <summary>What becomes of revocations when Redis is not what it should be. The checker does worse, at random.</summary>
public sealed class DegradedTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly SessionEnd Ending = new(SessionEndReasons.RevokedByAdmin, "root", "Good night.");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Revocation_without_redis_is_pending_and_carried_out_when_it_is_back()
    {
        using var directory = new TemporaryDirectory();
        await using var node = await NodeAsync(directory);
        var store = node.Store;
        var session = await node.CreateAsync();
        redis.Kill();

        var revocation = await store.EndAsync(session.Account, session.Handle, Ending, Cancel);
        Assert.True(revocation.Pending);
        Assert.Empty(revocation.Nodes);

        await redis.StartAsync();
        await Eventually.TrueAsync(async () => await node.IsAcknowledgedAsync(), "it is acknowledged");
        Assert.Null((await store.ReadAsync(session, Cancel)).Session);
    }

    [Fact]
    public async Task Everyone_is_signed_out_also_by_a_node_that_takes_over_from_one_that_died()
    {
        using var directory = new TemporaryDirectory();
        SessionKey session;
        await using (var dead = await NodeAsync(directory))
        {
            session = await dead.CreateAsync();
            // It has written down what it means to do, and does no more.
            await dead.Services.GetRequiredService<IRevocationJournal>().AddAsync(
                new() { Generation = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), End = Ending }, Cancel);
        }

        await using var next = await NodeAsync(directory);
        var store = next.Store;
        await Eventually.TrueAsync(async () => await next.IsAcknowledgedAsync(), "it is acknowledged");
        Assert.Equal(Ending, (await store.ReadAsync(session, Cancel)).End! with { At = default });
    }

    [Fact]
    public async Task Everyone_carried_out_by_a_second_node_as_well_ends_nobody_that_it_did_not_end_before()
    {
        using var directory = new TemporaryDirectory();
        await using var node = await NodeAsync(directory);
        var (store, revoker) = (node.Store, node.Services.GetRequiredService<RevocationCoordinator>());
        var (before, kept) = (await node.CreateAsync(), await node.CreateAsync());
        RevocationRequest Everyone() => new()
        {
            KeptAccount = kept.Account, KeptHandle = kept.Handle, Generation = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), End = Ending,
        };
        var (first, second) = (Everyone(), Everyone());
        await revoker.ApplyAsync(first);
        await revoker.ApplyAsync(second);
        var since = await node.CreateAsync();

        // As whoever read that it is pending a moment ago.
        await revoker.ApplyAsync(first);
        await revoker.ApplyAsync(second);

        Assert.Null((await store.ReadAsync(before, Cancel)).Session);
        Assert.NotNull((await store.ReadAsync(kept, Cancel)).Session);
        Assert.NotNull((await store.ReadAsync(since, Cancel)).Session);
        Assert.Equal(2, (await store.ListRecentAsync(0, 10, Cancel)).Total);
    }

    [Fact]
    public async Task A05_Session_that_begins_while_a_revocation_of_everyone_is_pending_stays()
    {
        using var directory = new TemporaryDirectory();
        await using var node = await NodeAsync(directory);
        var (store, journal) = (node.Store, node.Services.GetRequiredService<IRevocationJournal>());
        var before = await node.CreateAsync();
        var pending = await journal.AddAsync(new() { End = Ending }, Cancel);
        var since = await node.CreateAsync();
        Assert.NotNull((await store.ReadAsync(before, Cancel)).Session);

        Assert.False((await store.RevokeAsync(pending, Cancel)).Pending);

        Assert.Null((await store.ReadAsync(before, Cancel)).Session);
        Assert.NotNull((await store.ReadAsync(since, Cancel)).Session);
        Assert.Equal([since], (await store.ListRecentAsync(0, 100, Cancel)).Sessions.Select(session => session.Key));
        Assert.False((await store.EndAllAsync(Ending, cancellationToken: Cancel)).Pending);
        Assert.Null((await store.ReadAsync(since, Cancel)).Session);
    }

    [Fact]
    public async Task A05_Late_revocation_of_everyone_keeps_sessions_that_began_after_a_later_one()
    {
        using var directory = new TemporaryDirectory();
        await using var node = await NodeAsync(directory);
        var (store, journal) = (node.Store, node.Services.GetRequiredService<IRevocationJournal>());
        var before = await node.CreateAsync();
        var late = await journal.AddAsync(new() { End = Ending }, Cancel);
        Assert.False((await store.EndAllAsync(Ending, cancellationToken: Cancel)).Pending);
        var since = await node.CreateAsync();

        var revocation = await store.RevokeAsync(late, Cancel);

        Assert.False(revocation.Pending);
        Assert.Equal(0, revocation.Ended);
        Assert.NotEmpty(revocation.Nodes);
        Assert.Null((await store.ReadAsync(before, Cancel)).Session);
        Assert.NotNull((await store.ReadAsync(since, Cancel)).Session);
    }

    [Fact]
    public async Task A05_Revocation_of_everyone_takes_an_epoch_above_a_pending_one_of_a_fast_clock()
    {
        // The epoch stays ahead of the clock, which would concern the other tests.
        await using var server = new RedisServer();
        await server.InitializeAsync();
        using var directory = new TemporaryDirectory();
        await using var node = await NodeAsync(directory, server);
        var (store, journal) = (node.Store, node.Services.GetRequiredService<IRevocationJournal>());
        var ahead = new RevocationRequest { Generation = DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeMilliseconds(), End = Ending };
        await journal.AddAsync(ahead, Cancel);
        var session = await node.CreateAsync();

        Assert.False((await store.EndAllAsync(Ending, cancellationToken: Cancel)).Pending);

        Assert.Null((await store.ReadAsync(session, Cancel)).Session);
    }

    [Fact]
    public async Task R38_Claims_that_are_out_of_date_stay_so_where_redis_forgets_that_they_are()
    {
        using var directory = new TemporaryDirectory();
        await using var node = await NodeAsync(directory);
        await using var other = await NodeAsync(directory);
        var store = node.Store;
        var session = await node.CreateAsync();
        var restore = await SaveAsync(session.Account);

        Assert.False((await store.InvalidateClaimsAsync(session.Account, 3, Cancel)).Pending);
        await restore();

        Assert.Null((await node.Services.GetRequiredService<RedisSessions>().ReadAsync(session, Cancel)).CurrentClaimsVersion);
        Assert.Equal(3, (await store.ReadAsync(session, Cancel)).CurrentClaimsVersion);
        Assert.Equal(3, (await other.Store.ReadAsync(session, Cancel)).CurrentClaimsVersion);
        Assert.Equal(ReplaceOutcome.Replaced, await store.ReplaceTicketAsync(session, new() { Ticket = new byte[10], ClaimsVersion = 3 }, Cancel));
        Assert.Null((await other.Store.ReadAsync(session, Cancel)).CurrentClaimsVersion);
    }

    [Theory]
    [InlineData("allkeys-lru")]
    [InlineData("volatile-ttl")]
    public async Task Redis_that_may_evict_is_refused_at_the_start(string policy)
    {
        var server = await redis.ConnectAsync();
        await server.ExecuteAsync("CONFIG", "SET", "maxmemory", "1gb");
        await server.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", policy);
        try
        {
            using var directory = new TemporaryDirectory();
            var unfit = await Assert.ThrowsAsync<UnsupportedStoreException>(() => NodeAsync(directory));
            Assert.Equal($"Redis has the maxmemory-policy {policy}, which evicts sessions and revocations when memory is full. "
                + "The maxmemory-policy must be noeviction.", unfit.Message);
        }
        finally
        {
            await server.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
            await server.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        }
    }

    private Task<JournaledNode> NodeAsync(TemporaryDirectory directory, RedisServer? server = null) =>
        JournaledNode.StartAsync((server ?? redis).Configuration, directory);

    /// <returns>Makes of the account what it was: as a Redis does that has lost what was done since, which nobody has noticed yet.</returns>
    private async Task<Func<Task>> SaveAsync(AccountTag account)
    {
        var server = await redis.ConnectAsync();
        var (key, value) = ($"sw:{account}", await server.KeyDumpAsync($"sw:{account}"));
        return () => server.ExecuteAsync("RESTORE", key, 0, value!, "REPLACE");
    }
}
