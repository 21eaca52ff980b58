using System.Diagnostics;

namespace SessionWeb.Checker;

/// <summary>What happens to machines, one thing at a time or two, at random; with what it does to sessions that nobody revoked.</summary>
internal sealed class Faults(Scene scene, Action<Func<TrackedSession, bool>> lose)
{
    public const string Nothing = "none";

    private readonly Random _random = new();
    private volatile string _current = Nothing;
    private long _latestLoss;

    /// <summary>What happens just now.</summary>
    public string Current => _current;

    /// <summary>When Redis last forgot something: a timestamp.</summary>
    public long LatestLoss => Volatile.Read(ref _latestLoss);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        (string Name, Func<Task> Happen)[] all =
        [
            (Nothing, () => PauseAsync(500, 2000)),
            ("node stopped", NodeStoppedAsync),
            ("node killed", NodeKilledAsync),
            ("node slow", () => ProxyAsync(proxy => proxy.Delay = _random.Next(20, 700))),
            ("node deaf", () => ProxyAsync(proxy => proxy.IsDeaf = true)),
            ("node mute", () => ProxyAsync(proxy => proxy.IsMute = true)),
            ("node deaf to the log", () => ProxyAsync(proxy => proxy.IsDeafToLog = true)),
            ("node cut off", CutOffAsync),
            ("subscriptions lost", SubscriptionsLostAsync),
            ("Redis stopped", RedisStoppedAsync),
            ("Redis back in time", RedisBackInTimeAsync),
            ("Redis empty", RedisEmptyAsync),
        ];
        while (!cancellationToken.IsCancellationRequested)
        {
            var (name, happen) = all[_random.Next(all.Length)];
            // Redis' restarts come alone, for then it must be told what they lose.
            var together = name.StartsWith("node ", StringComparison.Ordinal) && _random.Next(3) == 0 ? "Redis stopped" : null;
            _current = together is null ? name : $"{name} + {together}";
            await Task.WhenAll(happen(), together is null ? Task.CompletedTask : RedisStoppedAsync());
            foreach (var node in scene.Nodes)
                node.Proxy.Heal();
            _current = "after a fault";
            await PauseAsync(200, 1500);
        }
        _current = Nothing;
    }

    private NodeProcess AnyNode => scene.Nodes[_random.Next(scene.Nodes.Count)];

    private Task PauseAsync(int from, int to) => Task.Delay(_random.Next(from, to));

    private async Task NodeStoppedAsync()
    {
        var node = AnyNode;
        node.Process.Freeze();
        await PauseAsync(100, 3000);
        node.Process.Thaw();
    }

    private async Task NodeKilledAsync()
    {
        var node = AnyNode;
        node.Process.Kill();
        await PauseAsync(0, 1500);
        node.Start();
        await node.ReadyAsync();
    }

    private async Task ProxyAsync(Action<Proxy> spoil)
    {
        spoil(AnyNode.Proxy);
        await PauseAsync(300, 3000);
    }

    private async Task CutOffAsync()
    {
        var proxy = AnyNode.Proxy;
        proxy.IsGone = true;
        proxy.Cut();
        await PauseAsync(100, 2000);
    }

    private async Task SubscriptionsLostAsync()
    {
        for (var i = 0; i < 5; i++)
        {
            await scene.Redis.KillSubscribersAsync();
            await PauseAsync(50, 400);
        }
    }

    private async Task RedisStoppedAsync()
    {
        scene.Redis.Freeze();
        await PauseAsync(100, 2500);
        scene.Redis.Thaw();
    }

    private async Task RedisBackInTimeAsync()
    {
        var saved = Stopwatch.GetTimestamp();
        await scene.Redis.SaveAsync();
        await PauseAsync(100, 1500);
        lose(session => session.CreatedAt > saved);
        scene.Redis.Kill();
        await PauseAsync(0, 500);
        await scene.Redis.StartAsync();
        // Whose sign-in was being answered in that moment.
        Volatile.Write(ref _latestLoss, Stopwatch.GetTimestamp());
        lose(session => session.CreatedAt > saved);
    }

    private async Task RedisEmptyAsync()
    {
        scene.Redis.LoseSnapshot();
        lose(_ => true);
        scene.Redis.Kill();
        await PauseAsync(0, 500);
        await scene.Redis.StartAsync();
        Volatile.Write(ref _latestLoss, Stopwatch.GetTimestamp());
        lose(_ => true);
    }
}
