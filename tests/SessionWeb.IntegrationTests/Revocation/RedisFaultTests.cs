using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SessionWeb.Data;
using SessionWeb.Sessions;
using SessionWeb.Sessions.Redis;
using SessionWeb.Testing.Proxying;

namespace SessionWeb.IntegrationTests.Revocation;

/// <summary>
/// Redis loses data, is reconfigured, or does not respond. Acknowledged revocations stay in effect, and nodes recover.
/// </summary>
public sealed class RedisFaultTests : IAsyncLifetime
{
    private static readonly SessionEnd ByAdmin = new(SessionEndReasons.RevokedByAdmin, "root");

    private readonly RedisServer _redis = new();
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _redis.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        _directory.Dispose();
    }

    private Task<JournaledNode> NodeAsync(Action<SessionsOptions>? configure = null, string? redis = null) =>
        JournaledNode.StartAsync(redis ?? _redis.Configuration, _directory, configure);

    private async Task ExecuteAsync(params string[] command) =>
        await (await _redis.ConnectAsync()).ExecuteAsync(command[0], [.. command.Skip(1)]);

    [Fact]
    public async Task Command_that_failed_while_disconnected_never_runs()
    {
        await _redis.SyncEveryWriteAsync();
        await using var app = await PlainApp.StartAsync(_redis.Configuration);
        await app.SignInAsync("alice");
        var session = (await app.Store.ListAsync([AccountTag.For("id-of-alice")], Cancel)).Single();
        _redis.Kill();
        await Wait.UntilAsync(async () =>
        {
            // Once the client detects the disconnection, commands fail immediately, before their deadline.
            var started = Stopwatch.GetTimestamp();
            await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => app.Store.TouchAsync(session.Key, Cancel));
            return Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(1);
        }, "the client detects the disconnection");
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(
            () => app.Store.EndAsync(session.Key.Account, session.Handle, ByAdmin, CancellationToken.None));

        await _redis.StartAsync();

        await Wait.UntilAsync(async () =>
        {
            try
            {
                return (await app.Store.ReadAsync(session.Key, Cancel)).Session is not null;
            }
            catch (SessionStoreUnavailableException)
            {
                return false;
            }
        }, "the session is valid again");
        Assert.True(await app.Store.TouchAsync(session.Key, Cancel));
        Assert.NotNull((await app.Store.ReadAsync(session.Key, Cancel)).Session);
    }

    [Fact]
    public async Task A03_Revoking_an_ended_session_is_acknowledged()
    {
        await using var a = await NodeAsync();
        await using var b = await NodeAsync();
        var session = await a.CreateAsync();
        await a.Store.EndAsync(session.Account, session.Handle, ByAdmin, Cancel);

        var again = await b.Store.EndAsync(session.Account, session.Handle, ByAdmin, Cancel);

        Assert.Equal((0, false), (again.Ended, again.Pending));
        Assert.Equal(2, again.Nodes.Count);
    }

    [Fact]
    public async Task A04_Silent_connection_is_replaced()
    {
        using var proxy = new RedisProxy(_redis.Port);
        await using var node = await NodeAsync(redis: $"127.0.0.1:{proxy.Port}");
        var session = await node.CreateAsync();

        proxy.SilenceOpenConnections();

        await Wait.UntilAsync(async () => await node.IsLiveAsync(session) is null, "the node detects the failure");
        await Wait.UntilAsync(async () => await node.IsLiveAsync(session) == true, "the node opens another connection");
        Assert.False((await node.Store.EndAsync(session.Account, session.Handle, ByAdmin, Cancel)).Pending);
    }

    [Fact]
    public async Task A04_Connection_that_responds_again_is_kept()
    {
        var time = new FakeTimeProvider();
        using var connection = new RedisConnection(
            RedisConnectionServices.Parse(_redis.Configuration), Options.Create(new SessionsOptions()), time,
            NullLogger<RedisConnection>.Instance);
        var lost = false;
        connection.Lost += () => lost = true;
        await connection.RunAsync(redis => redis.PingAsync(), Cancel);

        _redis.Suspend();
        // The second command takes longer than the first probe, so the test can wait for the next probe.
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<SessionStoreUnavailableException>(
                () => connection.RunAsync(redis => redis.PingAsync(), Cancel));
        }

        _redis.Resume();
        await Wait.UntilAsync(RespondsAsync, "the connection responds");
        var pings = await _redis.CallsAsync("ping");
        time.Advance(2 * RedisConnection.MaxSilence);

        await Wait.UntilAsync(async () => lost || await _redis.CallsAsync("ping") > pings, "the connection is probed");
        Assert.False(lost);

        async Task<bool> RespondsAsync()
        {
            try
            {
                return await connection.RunAsync(redis => redis.PingAsync(), Cancel) > TimeSpan.Zero;
            }
            catch (SessionStoreUnavailableException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Kept_session_is_accepted_during_the_revocation()
    {
        await using var a = await NodeAsync();
        await using var b = await NodeAsync();
        var kept = await a.CreateAsync();
        using var cancellation = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!cancellation.IsCancellationRequested)
            {
                if (await b.IsLiveAsync(kept) != true)
                    return false;
            }

            return true;
        })).ToList();

        for (var i = 0; i < 200; i++)
            await a.Store.EndAccountAsync(kept.Account, ByAdmin, kept.Handle, cancellationToken: Cancel);
        await cancellation.CancelAsync();

        Assert.DoesNotContain(false, await Task.WhenAll(readers));
    }

    [Fact]
    public async Task Account_that_redis_lost_can_sign_in_immediately()
    {
        await using var node = await NodeAsync();
        await using var other = await NodeAsync();
        var before = await node.CreateAsync();
        Assert.Equal(1, (await node.Store.EndAccountAsync(before.Account, ByAdmin, cancellationToken: Cancel)).Ended);
        await ExecuteAsync("DEL", $"sw:{before.Account}");

        var session = await node.CreateAsync(before.Account);

        Assert.True(await node.IsLiveAsync(session));
        Assert.True(await other.IsLiveAsync(session));
        Assert.Equal(1, (await other.Store.EndAccountAsync(session.Account, ByAdmin, cancellationToken: Cancel)).Ended);
        Assert.False(await node.IsLiveAsync(session));
    }

    [Theory]
    [InlineData("lost entry")]
    [InlineData("lost log")]
    public async Task A12_Log_with_a_gap_is_recovered_once(string fault)
    {
        await using var node = await NodeAsync();
        var sessions = new List<SessionKey>();
        for (var i = 0; i < 4; i++)
        {
            sessions.Add(await node.CreateAsync());
            await node.Store.EndAsync(sessions[i].Account, sessions[i].Handle, ByAdmin, Cancel);
        }
        if (fault == "lost entry")
            await ExecuteAsync("ZREMRANGEBYSCORE", "sw:log", "2", "2");
        else
            await ExecuteAsync("DEL", "sw:log");

        await using var next = await NodeAsync();

        await Wait.UntilAsync(
            async () => await next.IsLiveAsync(sessions[1]) == false, "the new node accepts requests");
        var session = await next.CreateAsync();
        await Wait.UntilAsync(async () => await node.IsLiveAsync(session) == true, "the other node accepts requests");
        Assert.False((await next.Store.EndAsync(session.Account, session.Handle, ByAdmin, Cancel)).Pending);
    }

    [Fact]
    public async Task Applying_a_revocation_concurrently_leaves_no_gap()
    {
        await using var node = await NodeAsync();
        var account = (await node.CreateAsync()).Account;
        var revocation = new RevocationRequest { Account = account, Generation = 1, End = ByAdmin };

        await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(() => node.Store.ApplyAsync(revocation, Cancel), Cancel)));

        var redis = await _redis.ConnectAsync();
        Assert.Equal((long)await redis.HashGetAsync("sw:log:state", "seq"), await redis.SortedSetLengthAsync("sw:log"));
    }

    [Fact]
    public async Task A06_Revocation_waits_a_lease_after_the_register_is_lost()
    {
        await using var a = await NodeAsync();
        await using var b = await NodeAsync();
        await SettledAsync(a);
        var session = await a.CreateAsync();

        await ExecuteAsync("DEL", "sw:log:nodes");
        var revocation = await a.Store.EndAsync(session.Account, session.Handle, ByAdmin, Cancel);

        // A node that the lost register named may still hold a lease of one second.
        Assert.True(revocation.Elapsed >= TimeSpan.FromSeconds(1), $"{revocation.Elapsed}");
        await SettledAsync(a);
    }

    [Fact]
    public async Task A16_Lost_register_makes_revocations_wait_the_longest_lease()
    {
        await using var a = await NodeAsync();
        await using (await NodeAsync(options => options.Lease = TimeSpan.FromSeconds(3)))
            await SettledAsync(a);
        var session = await a.CreateAsync();

        await ExecuteAsync("DEL", "sw:log:nodes");
        var revocation = await a.Store.EndAsync(session.Account, session.Handle, ByAdmin, Cancel);

        Assert.True(revocation.Elapsed >= TimeSpan.FromSeconds(3), $"{revocation.Elapsed}");
    }

    [Fact]
    public async Task A07_Failing_revocation_does_not_block_others()
    {
        var (broken, other) = (AccountTag.For("broken"), AccountTag.For("other"));
        SessionKey session;
        await using (var node = await NodeAsync())
        {
            session = await node.CreateAsync(other);
            await ExecuteAsync("SET", $"sw:{broken}", "wrong type");
            await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => node.Store.ListAsync([broken], Cancel));
            var journal = node.Services.GetRequiredService<IRevocationJournal>();
            await journal.AddAsync(new() { Account = broken, Generation = 1, End = ByAdmin }, Cancel);
            await journal.AddAsync(new() { Account = other, Generation = 1, End = ByAdmin }, Cancel);
        }

        await ExecuteAsync("DEL", "sw:log:state");
        await using var next = await NodeAsync();

        await Wait.UntilAsync(
            async () => await next.IsLiveAsync(session) == false, "the session of the other account has ended");
        await next.CreateAsync();
        await Wait.UntilAsync(
            async () =>
                await next.WithJournalAsync(d => d.RevocationJournal.CountAsync(i => i.AcknowledgedAt == null)) == 1,
            "one revocation is pending");
        await ExecuteAsync("DEL", $"sw:{broken}");
        await next.CreateAsync(broken);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(60 * 24)]
    public async Task A08_Old_snapshot_does_not_restore_ended_sessions(int minutes)
    {
        _redis.Kill();
        _redis.Arguments = ["--appendonly", "no"];
        await _redis.StartAsync();
        SessionKey session, live;
        await using (var node = await NodeAsync())
        {
            (session, live) = (await node.CreateAsync(), await node.CreateAsync());
            await node.Store.EndAccountAsync(AccountTag.For("before"), ByAdmin, cancellationToken: Cancel);
            await ExecuteAsync("SAVE");
            Assert.False((await node.Store.EndAsync(session.Account, session.Handle, ByAdmin, Cancel)).Pending);
            // Backdates every record in the journal.
            await node.WithJournalAsync(async d =>
            {
                foreach (var row in await d.RevocationJournal.ToListAsync())
                {
                    await d.Database.ExecuteSqlAsync(
                        $"""
                        UPDATE RevocationIntents
                        SET At = At - {minutes * 60_000}, AcknowledgedAt = AcknowledgedAt - {minutes * 60_000}
                        WHERE Id = {row.Id}
                        """);
                }

                return true;
            });
        }
        _redis.Kill();
        await _redis.StartAsync();

        await using var next = await NodeAsync();

        await Wait.UntilAsync(async () => await next.IsLiveAsync(live) == true, "the node accepts requests");
        Assert.False(await next.IsLiveAsync(session));
    }

    [Fact]
    public async Task A09_Revoke_all_on_a_full_redis_is_acknowledged()
    {
        await using var node = await NodeAsync();
        var (session, kept) = (await node.CreateAsync(), await node.CreateAsync());
        await ExecuteAsync("CONFIG", "SET", "maxmemory", "1mb");

        var revocation = await node.Store.EndAllAsync(ByAdmin, kept, Cancel);

        Assert.False(revocation.Pending);
        Assert.False(await node.IsLiveAsync(session));
        Assert.True(await node.IsLiveAsync(kept));
        Assert.True(await node.WithJournalAsync(d => d.RevocationJournal.AllAsync(i => i.AcknowledgedAt != null)));
    }

    [Fact]
    public async Task A10_Flushed_scripts_are_loaded_again()
    {
        await using var node = await NodeAsync();
        for (var i = 0; i < 20; i++)
        {
            var session = await node.CreateAsync();
            await ExecuteAsync("SCRIPT", "FLUSH");
            Assert.True(await node.IsLiveAsync(session));
            await ExecuteAsync("SCRIPT", "FLUSH");
            Assert.False((await node.Store.EndAsync(session.Account, session.Handle, ByAdmin, Cancel)).Pending);
        }
    }

    [Fact]
    public async Task A11_Redis_with_an_eviction_policy_is_never_used()
    {
        _redis.Kill();
        await using var node = await JournaledNode.StartAsync(
            _redis.Configuration, _directory, options => options.StoreTimeout = TimeSpan.FromMilliseconds(750),
            waitForRedis: false);
        _redis.Arguments = [.. _redis.Arguments, "--maxmemory", "1gb", "--maxmemory-policy", "allkeys-lru"];
        await _redis.StartAsync();
        var register = node.Services.GetRequiredService<INodeRegister>();

        await Wait.UntilAsync(
            () => register.Problem?.Contains("allkeys-lru", StringComparison.Ordinal) == true,
            "the node reports the policy");
        Assert.Null(await node.IsLiveAsync(new(AccountTag.For("unknown"), new string('h', 43))));
        await ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        await Wait.UntilAsync(
            async () => await node.IsLiveAsync(new(AccountTag.For("unknown"), new string('h', 43))) == false,
            "the node accepts requests");
        Assert.Null(register.Problem);
    }

    [Fact]
    public async Task A12_Cached_session_that_redis_lost_is_not_accepted()
    {
        await using var app = await PlainApp.StartAsync(_redis.Configuration);
        var cookie = await app.SignInAsync("alice");
        Assert.Equal(("alice", "alice"), (await app.WhoAsync(cookie), await app.WhoAsync(cookie)));

        await ExecuteAsync("FLUSHALL");

        var flushed = Stopwatch.GetTimestamp();
        await Wait.UntilAsync(
            async () => (await app.WhoAsync(cookie)).StartsWith("303", StringComparison.Ordinal),
            "the session is no longer accepted");
        // Without detection, the cached session would be accepted for up to a minute.
        Assert.True(Stopwatch.GetElapsedTime(flushed) < TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task A15_Journal_is_replayed_once_when_many_nodes_start()
    {
        const int Revocations = 3000;
        SessionKey session;
        await using (var node = await NodeAsync())
        {
            session = await node.CreateAsync();
            await node.WithJournalAsync(async d =>
            {
                var (now, end) = (DateTimeOffset.UtcNow, ByAdmin);
                d.AddRange(Enumerable.Range(0, Revocations).Select(i => StoredRevocation.Of(
                    new()
                    {
                        Account = i == 0 ? session.Account : AccountTag.For($"{i}"),
                        Generation = 1,
                        End = end,
                    },
                    now)));
                await d.SaveChangesAsync();
                return await d.RevocationJournal.ExecuteUpdateAsync(set => set.SetProperty(i => i.AcknowledgedAt, now));
            });
        }
        await ExecuteAsync("DEL", "sw:log:state");

        var nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => NodeAsync()));

        foreach (var node in nodes)
            await Wait.UntilAsync(async () => await node.IsLiveAsync(session) == false, "the node accepts requests");
        Assert.Equal(Revocations, await (await _redis.ConnectAsync()).SortedSetLengthAsync("sw:log"));
        foreach (var node in nodes)
            await node.DisposeAsync();
    }

    /// <summary>
    /// Waits until the node has followed the log for longer than any lease, so revocations need not wait.
    /// </summary>
    private static Task SettledAsync(JournaledNode node) => Wait.UntilAsync(
        async () => (await node.Store.EndAccountAsync(AccountTag.For("unknown"), ByAdmin)).Elapsed
            < TimeSpan.FromMilliseconds(700),
        "revocations do not wait for leases");
}
