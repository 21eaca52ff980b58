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
        using var node = await NodeAsync(directory);
        var store = node.Services.GetRequiredService<ISessionStore>();
        var session = await CreateAsync(store);
        redis.Kill();

        var revocation = await store.EndAsync(session.Account, session.Handle, Ending, Cancel);
        Assert.True(revocation.Pending);
        Assert.Empty(revocation.Nodes);

        await redis.StartAsync();
        await Eventually.TrueAsync(async () => await IsAcknowledgedAsync(node), "it is acknowledged");
        Assert.Null((await store.ReadAsync(session, Cancel)).Session);
        await node.StopAsync(Cancel);
    }

    [Fact]
    public async Task Everyone_is_signed_out_also_by_a_node_that_takes_over_from_one_that_died()
    {
        using var directory = new TemporaryDirectory();
        SessionKey session;
        using (var dead = await NodeAsync(directory))
        {
            session = await CreateAsync(dead.Services.GetRequiredService<ISessionStore>());
            // It has written down what it means to do, and does no more.
            await dead.Services.GetRequiredService<IRevocationJournal>().AddAsync(
                new() { Generation = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), End = Ending }, Cancel);
            await dead.StopAsync(Cancel);
        }

        using var next = await NodeAsync(directory);
        var store = next.Services.GetRequiredService<ISessionStore>();
        await Eventually.TrueAsync(async () => await IsAcknowledgedAsync(next), "it is acknowledged");
        Assert.Equal(Ending, (await store.ReadAsync(session, Cancel)).End! with { At = default });
        await next.StopAsync(Cancel);
    }

    [Fact]
    public async Task Everyone_carried_out_by_a_second_node_as_well_ends_nobody_that_it_did_not_end_before()
    {
        using var directory = new TemporaryDirectory();
        using var node = await NodeAsync(directory);
        var (store, revoker) = (node.Services.GetRequiredService<ISessionStore>(), node.Services.GetRequiredService<RevocationCoordinator>());
        var (before, kept) = (await CreateAsync(store), await CreateAsync(store));
        RevocationRequest Everyone() => new()
        {
            KeptAccount = kept.Account, KeptHandle = kept.Handle, Generation = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), End = Ending,
        };
        var (first, second) = (Everyone(), Everyone());
        await revoker.ApplyAsync(first);
        await revoker.ApplyAsync(second);
        var since = await CreateAsync(store);

        // As whoever read that it is pending a moment ago.
        await revoker.ApplyAsync(first);
        await revoker.ApplyAsync(second);

        Assert.Null((await store.ReadAsync(before, Cancel)).Session);
        Assert.NotNull((await store.ReadAsync(kept, Cancel)).Session);
        Assert.NotNull((await store.ReadAsync(since, Cancel)).Session);
        Assert.Equal(2, (await store.ListRecentAsync(0, 10, Cancel)).Total);
        await node.StopAsync(Cancel);
    }

    [Fact]
    public async Task A05_Session_that_begins_while_a_revocation_of_everyone_is_pending_stays()
    {
        using var directory = new TemporaryDirectory();
        using var node = await NodeAsync(directory);
        var (store, journal) = (node.Services.GetRequiredService<ISessionStore>(), node.Services.GetRequiredService<IRevocationJournal>());
        var before = await CreateAsync(store);
        var pending = await journal.AddAsync(new() { End = Ending }, Cancel);
        var since = await CreateAsync(store);
        Assert.NotNull((await store.ReadAsync(before, Cancel)).Session);

        Assert.False((await store.RevokeAsync(pending, Cancel)).Pending);

        Assert.Null((await store.ReadAsync(before, Cancel)).Session);
        Assert.NotNull((await store.ReadAsync(since, Cancel)).Session);
        Assert.Equal([since], (await store.ListRecentAsync(0, 100, Cancel)).Sessions.Select(session => session.Key));
        Assert.False((await store.EndAllAsync(Ending, cancellationToken: Cancel)).Pending);
        Assert.Null((await store.ReadAsync(since, Cancel)).Session);
        await node.StopAsync(Cancel);
    }

    [Fact]
    public async Task A05_Late_revocation_of_everyone_keeps_sessions_that_began_after_a_later_one()
    {
        using var directory = new TemporaryDirectory();
        using var node = await NodeAsync(directory);
        var (store, journal) = (node.Services.GetRequiredService<ISessionStore>(), node.Services.GetRequiredService<IRevocationJournal>());
        var before = await CreateAsync(store);
        var late = await journal.AddAsync(new() { End = Ending }, Cancel);
        Assert.False((await store.EndAllAsync(Ending, cancellationToken: Cancel)).Pending);
        var since = await CreateAsync(store);

        var revocation = await store.RevokeAsync(late, Cancel);

        Assert.False(revocation.Pending);
        Assert.Equal(0, revocation.Ended);
        Assert.NotEmpty(revocation.Nodes);
        Assert.Null((await store.ReadAsync(before, Cancel)).Session);
        Assert.NotNull((await store.ReadAsync(since, Cancel)).Session);
        await node.StopAsync(Cancel);
    }

    [Fact]
    public async Task A05_Revocation_of_everyone_takes_an_epoch_above_a_pending_one_of_a_fast_clock()
    {
        // The epoch stays ahead of the clock, which would concern the other tests.
        await using var server = new RedisServer();
        await server.InitializeAsync();
        using var directory = new TemporaryDirectory();
        using var node = await NodeAsync(directory, server);
        var (store, journal) = (node.Services.GetRequiredService<ISessionStore>(), node.Services.GetRequiredService<IRevocationJournal>());
        var ahead = new RevocationRequest { Generation = DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeMilliseconds(), End = Ending };
        await journal.AddAsync(ahead, Cancel);
        var session = await CreateAsync(store);

        Assert.False((await store.EndAllAsync(Ending, cancellationToken: Cancel)).Pending);

        Assert.Null((await store.ReadAsync(session, Cancel)).Session);
        await node.StopAsync(Cancel);
    }

    [Fact]
    public async Task R38_Claims_that_are_out_of_date_stay_so_where_redis_forgets_that_they_are()
    {
        using var directory = new TemporaryDirectory();
        using var node = await NodeAsync(directory);
        using var other = await NodeAsync(directory);
        var store = node.Services.GetRequiredService<ISessionStore>();
        var session = await CreateAsync(store);
        var restore = await SaveAsync(session.Account);

        Assert.False((await store.InvalidateClaimsAsync(session.Account, 3, Cancel)).Pending);
        await restore();

        Assert.Null((await node.Services.GetRequiredService<RedisSessions>().ReadAsync(session, Cancel)).CurrentClaimsVersion);
        Assert.Equal(3, (await store.ReadAsync(session, Cancel)).CurrentClaimsVersion);
        Assert.Equal(3, (await other.Services.GetRequiredService<ISessionStore>().ReadAsync(session, Cancel)).CurrentClaimsVersion);
        Assert.Equal(ReplaceOutcome.Replaced, await store.ReplaceTicketAsync(session, new() { Ticket = new byte[10], ClaimsVersion = 3 }, Cancel));
        Assert.Null((await other.Services.GetRequiredService<ISessionStore>().ReadAsync(session, Cancel)).CurrentClaimsVersion);
        await Task.WhenAll(node.StopAsync(Cancel), other.StopAsync(Cancel));
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

    private async Task<IHost> NodeAsync(TemporaryDirectory directory, RedisServer? server = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:Accounts", $"Data Source={Path.Combine(directory.FullPath, "intents.db")}")]);
        builder.Services.AddDatabase().AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAuthentication().AddCookie()
            .AddServerSideSessions(options => (options.StoreTimeout, options.Lease) = (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1)))
            .UseRedis((server ?? redis).Configuration).AddRevocationJournal<DatabaseRevocationJournal>();
        var node = builder.Build();
        await node.Services.PrepareDatabaseAsync(Cancel);
        await node.StartAsync(Cancel);
        return node;
    }

    /// <returns>Makes of the account what it was: as a Redis does that has lost what was done since, which nobody has noticed yet.</returns>
    private async Task<Func<Task>> SaveAsync(AccountTag account)
    {
        var server = await redis.ConnectAsync();
        var (key, value) = ($"sw:{account}", await server.KeyDumpAsync($"sw:{account}"));
        return () => server.ExecuteAsync("RESTORE", key, 0, value!, "REPLACE");
    }

    private static NewSession New(AccountTag account) => new()
    {
        Key = new(account, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))),
        AccountId = "person",
        AccountName = "person",
        IdleTimeout = TimeSpan.FromMinutes(30),
        Lifetime = TimeSpan.FromHours(12),
        Ticket = new byte[10],
    };

    private static async Task<SessionKey> CreateAsync(ISessionStore store)
    {
        var session = New(AccountTag.For($"person-{Guid.NewGuid()}"));
        Assert.Equal(CreateOutcome.Created, (await store.CreateAsync(session, Cancel)).Outcome);
        return session.Key;
    }

    private static async Task<bool> IsAcknowledgedAsync(IHost node)
    {
        await using var database = await node.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync(Cancel);
        return await database.RevocationIntents.AllAsync(intent => intent.AcknowledgedAt != null, Cancel);
    }
}
