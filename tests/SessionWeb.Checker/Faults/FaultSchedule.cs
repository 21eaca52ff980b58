namespace SessionWeb.Checker.Faults;

/// <summary>Has faults happen in a random order, and waits after each until every node is ready again.</summary>
internal sealed class FaultSchedule(
    Scene scene, NodeFaults nodeFaults, RedisFaults redisFaults, Verdicts verdicts, Random random)
{
    public const string Nothing = "none";

    private readonly Queue<Fault> _next = new();
    private volatile string _current = Nothing;

    /// <summary>What happens just now.</summary>
    public string Current => _current;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var fault = Next();
            // Losses of Redis come alone, since the checker must know what they are.
            var together = fault.Combines && random.Next(3) == 0 ? redisFaults.Stopped : null;
            _current = together is null ? fault.Name : $"{fault.Name} + {together.Name}";
            await Task.WhenAll(fault.HappenAsync(), together?.HappenAsync() ?? Task.CompletedTask);
            foreach (var node in scene.Nodes)
                node.Proxy.Heal();
            await Task.WhenAll(scene.Nodes.Select(node =>
                verdicts.ReadyAsync($"node {node.Name} after \"{_current}\"", node.IsReadyAsync)));
            _current = "after a fault";
            await nodeFaults.PauseAsync(200, 1500);
        }
        _current = Nothing;
    }

    /// <summary>All of them in a random order, then all of them again.</summary>
    private Fault Next()
    {
        if (_next.Count == 0)
        {
            Fault nothing = new(Nothing, () => nodeFaults.PauseAsync(500, 2000));
            Fault[] all = [nothing, nothing, .. nodeFaults.All, .. redisFaults.All];
            random.Shuffle(all);
            foreach (var fault in all)
                _next.Enqueue(fault);
        }
        return _next.Dequeue();
    }
}
