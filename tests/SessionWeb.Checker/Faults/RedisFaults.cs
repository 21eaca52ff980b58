using System.Diagnostics;

namespace SessionWeb.Checker.Faults;

/// <summary>What happens to Redis, and which sessions it loses.</summary>
internal sealed class RedisFaults(Scene scene, NodeFaults nodes, Losses losses, Verdicts verdicts, Random random)
{
    // Nodes that lose their connections must look at the new ones within this time.
    private static readonly TimeSpan EvictionNoticed = TimeSpan.FromSeconds(3);

    private static readonly string[] SharedKeys =
        ["sw:log:state", "sw:log", "sw:log:nodes", "sw:log:figures", "sw:log:state sw:log"];

    /// <summary>Freezes Redis; goes together with a fault of a node.</summary>
    public Fault Stopped => new("Redis stopped", StoppedAsync);

    /// <summary>A live session; null if there is none.</summary>
    public required Func<TrackedSession?> AnySession { get; init; }

    /// <summary>A session that is not checked any more, and whose account has no later ones.</summary>
    public required Func<TrackedSession?> TakeSession { get; init; }

    public IReadOnlyList<Fault> All =>
    [
        Stopped,
        new("subscriptions lost", () => RepeatAsync(() => scene.Redis.SayAsync("CLIENT KILL TYPE pubsub"))),
        new("connections lost", () => RepeatAsync(() => scene.Redis.SayAsync("CLIENT KILL TYPE normal"))),
        new("scripts lost", () => RepeatAsync(() => scene.Redis.SayAsync("SCRIPT FLUSH"))),
        new("shared keys deleted", () => RepeatAsync(DeleteSharedKeyAsync)),
        new("register lost, node deaf", ForgetDeafNodeAsync),
        new("keys of an account deleted", () => RepeatAsync(DeleteAccountKeyAsync)),
        new("Redis flushed", FlushAsync),
        new("Redis full", FullAsync),
        new("Redis evicts", EvictingAsync),
        new("Redis back in time", () => BackInTimeAsync(TimeSpan.Zero)),
        new("Redis back by 16 minutes", () => BackInTimeAsync(TimeSpan.FromMinutes(16))),
        new("Redis back, older AOF", OlderAofAsync),
        new("Redis empty", EmptyAsync),
        new("node stopped over a restart", NodeStoppedOverRestartAsync),
    ];

    private async Task RepeatAsync(Func<Task> happenAsync)
    {
        for (var i = 0; i < 5; i++)
        {
            await happenAsync();
            await nodes.PauseAsync(50, 400);
        }
    }

    private async Task StoppedAsync()
    {
        scene.Redis.Freeze();
        await nodes.PauseAsync(100, 2500);
        scene.Redis.Thaw();
    }

    private Task FlushAsync() => losses.DuringAsync(_ => true, () => scene.Redis.SayAsync("FLUSHALL"));

    private Task DeleteSharedKeyAsync() => scene.Redis.SayAsync($"DEL {SharedKeys[random.Next(SharedKeys.Length)]}");

    /// <summary>A node that is not in the register any more keeps its lease for a while, and hears of nothing.</summary>
    private async Task ForgetDeafNodeAsync()
    {
        nodes.Any.Proxy.IsDeaf = true;
        // What it had sent before has arrived.
        await Task.Delay(20);
        await scene.Redis.SayAsync("DEL sw:log:nodes");
        await nodes.PauseAsync(800, 2000);
    }

    private async Task DeleteAccountKeyAsync()
    {
        if (TakeSession() is { } session)
            await scene.Redis.SayAsync($"DEL sw:{session.AccountTag}");
    }

    /// <summary>Sign-ins fail, nothing is lost, and revocations work.</summary>
    private async Task FullAsync()
    {
        await scene.Redis.SayAsync("CONFIG SET maxmemory 1");
        await nodes.PauseAsync(500, 3000);
        await scene.Redis.SayAsync("CONFIG SET maxmemory 0");
    }

    /// <summary>Anything may be lost, so no node may accept anything once it has looked at Redis.</summary>
    private Task EvictingAsync() => losses.DuringAsync(_ => true, async () =>
    {
        var probe = AnySession();
        await scene.Redis.SayAsync("CONFIG SET maxmemory-policy allkeys-lru");
        var tooLittle = Math.Max(1, await scene.Redis.UsedMemoryAsync() - 100_000);
        await scene.Redis.SayAsync($"CONFIG SET maxmemory {tooLittle}");
        await scene.Redis.SayAsync("CLIENT KILL TYPE normal");
        await Task.Delay(EvictionNoticed);
        foreach (var node in scene.Nodes)
            if (await node.IsReadyAsync() || probe is not null && await node.AskAsync(probe.Cookie) == Answer.Accepted)
                verdicts.Violation($"node {node.Name} serves while Redis evicts");
        await scene.Redis.SayAsync("CONFIG SET maxmemory 0");
        await scene.Redis.SayAsync("CONFIG SET maxmemory-policy noeviction");
    });

    /// <summary>What is recorded in Redis and in the database ages together, as if the snapshot were that old.</summary>
    private async Task BackInTimeAsync(TimeSpan age)
    {
        var saved = Stopwatch.GetTimestamp();
        if (age > TimeSpan.Zero)
            await scene.Redis.AgeLogAsync(age);
        await scene.Redis.SaveAsync();
        await nodes.PauseAsync(100, 1500);
        await losses.DuringAsync(session => session.CreatedAt > saved, async () =>
        {
            scene.Redis.Kill();
            await nodes.PauseAsync(0, 500);
            if (age > TimeSpan.Zero)
                scene.Journal.Age(age);
            await scene.Redis.StartAsync();
        });
    }

    private async Task OlderAofAsync()
    {
        var saved = Stopwatch.GetTimestamp();
        await scene.Redis.KeepAofAsync();
        await nodes.PauseAsync(100, 1500);
        await losses.DuringAsync(session => session.CreatedAt > saved, async () =>
        {
            scene.Redis.Kill();
            await nodes.PauseAsync(0, 500);
            await scene.Redis.StartFromAofAsync();
        });
    }

    private Task EmptyAsync()
    {
        scene.Redis.LoseSnapshot();
        return losses.DuringAsync(_ => true, async () =>
        {
            scene.Redis.Kill();
            await nodes.PauseAsync(0, 500);
            await scene.Redis.StartAsync();
        });
    }

    private async Task NodeStoppedOverRestartAsync()
    {
        var node = nodes.Any;
        node.Process.Freeze();
        await BackInTimeAsync(TimeSpan.Zero);
        await nodes.PauseAsync(0, 3000);
        node.Process.Thaw();
    }
}
