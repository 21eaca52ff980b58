using SessionWeb.Checker.Library;
using SessionWeb.Checker.Torture;

namespace SessionWeb.Checker.Faults;

/// <summary>Faults of Redis: of the process, its connections, its scripts and its keys.</summary>
internal sealed class RedisFaults(LibraryFarm farm, NodeFaults nodeFaults, SessionPool sessions, CheckReport report)
{
    // Nodes that lose their connections must check the configuration of Redis within this time.
    private static readonly TimeSpan EvictionDetected = TimeSpan.FromSeconds(3);

    private static readonly string[] SharedKeys =
        ["sw:log:state", "sw:log", "sw:log:nodes", "sw:log:figures", "sw:log:state sw:log"];

    /// <summary>The fault that combines with faults of nodes.</summary>
    public Fault Suspension => new("Redis suspended", SuspendAsync);

    public IReadOnlyList<Fault> All =>
    [
        Suspension,
        new("subscriptions lost", () => RepeatAsync(() => farm.Redis.ExecuteAsync("CLIENT KILL TYPE pubsub"))),
        new("connections lost", () => RepeatAsync(() => farm.Redis.ExecuteAsync("CLIENT KILL TYPE normal"))),
        new("scripts lost", () => RepeatAsync(() => farm.Redis.ExecuteAsync("SCRIPT FLUSH"))),
        new("shared keys deleted", () => RepeatAsync(DeleteSharedKeyAsync)),
        new("register deleted, requests blocked", DeleteRegisterAsync),
        new("keys of an account deleted", () => RepeatAsync(DeleteAccountKeyAsync)),
        new("Redis flushed", FlushAsync),
        new("Redis full", FillMemoryAsync),
        new("Redis evicts", EvictAsync),
        .. new RedisRestarts(farm, nodeFaults, sessions).All,
    ];

    private static async Task RepeatAsync(Func<Task> injectAsync)
    {
        for (var i = 0; i < 5; i++)
        {
            await injectAsync();
            await NodeFaults.PauseAsync(50, 400);
        }
    }

    private async Task SuspendAsync()
    {
        farm.Redis.Suspend();
        await NodeFaults.PauseAsync(100, 2500);
        farm.Redis.Resume();
    }

    private Task FlushAsync() => sessions.LoseAsync(_ => true, () => farm.Redis.ExecuteAsync("FLUSHALL"));

    private Task DeleteSharedKeyAsync() =>
        farm.Redis.ExecuteAsync($"DEL {SharedKeys[Random.Shared.Next(SharedKeys.Length)]}");

    /// <summary>A node that is missing from the register still holds a lease, but receives no entries.</summary>
    private async Task DeleteRegisterAsync()
    {
        nodeFaults.AnyNode.Proxy.BlocksRequests = true;
        await farm.Redis.ExecuteAsync("DEL sw:log:nodes");
        await NodeFaults.PauseAsync(50, 200);
        // Again: a renewal that the proxy had already forwarded may have added the node.
        await farm.Redis.ExecuteAsync("DEL sw:log:nodes");
        await NodeFaults.PauseAsync(800, 2000);
    }

    private async Task DeleteAccountKeyAsync()
    {
        if (sessions.TakeForDeletion() is { } session)
            await farm.Redis.ExecuteAsync($"DEL sw:{session.AccountTag}");
    }

    /// <summary>Sign-ins fail, Redis loses no data, and revocations are applied.</summary>
    private async Task FillMemoryAsync()
    {
        await farm.Redis.ExecuteAsync("CONFIG SET maxmemory 1");
        await NodeFaults.PauseAsync(500, 3000);
        await farm.Redis.ExecuteAsync("CONFIG SET maxmemory 0");
    }

    /// <summary>Redis may lose any key. No node may accept requests after it has checked the configuration.</summary>
    private Task EvictAsync() => sessions.LoseAsync(_ => true, async () =>
    {
        var session = sessions.Pick();
        await farm.Redis.ExecuteAsync("CONFIG SET maxmemory-policy allkeys-lru");
        var tooLittle = Math.Max(1, await farm.Redis.UsedMemoryAsync() - 100_000);
        await farm.Redis.ExecuteAsync($"CONFIG SET maxmemory {tooLittle}");
        await farm.Redis.ExecuteAsync("CLIENT KILL TYPE normal");
        foreach (var node in farm.Nodes)
        {
            if (!await Wait.IsTrueWithinAsync(EvictionDetected, async () => !await AcceptsAsync(node)))
                report.RecordViolation($"node {node.Name} accepts requests while Redis evicts keys");
        }

        async Task<bool> AcceptsAsync(LibraryNode node) => await node.IsReadyAsync()
            || session is not null && await node.SendRequestAsync(session.Cookie) == RequestOutcome.Accepted;

        await farm.Redis.ExecuteAsync("CONFIG SET maxmemory 0");
        await farm.Redis.ExecuteAsync("CONFIG SET maxmemory-policy noeviction");
    });
}
