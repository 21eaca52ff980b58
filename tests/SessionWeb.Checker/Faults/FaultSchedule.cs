using SessionWeb.Checker.Library;

namespace SessionWeb.Checker.Faults;

/// <summary>Injects faults in a random order. After each it waits until every node is ready.</summary>
internal sealed class FaultSchedule(
    LibraryFarm farm, NodeFaults nodeFaults, RedisFaults redisFaults, CheckReport report)
{
    public const string NoFault = "none";

    private readonly Queue<Fault> _next = new();
    private volatile string _current = NoFault;

    /// <summary>The name of the current fault.</summary>
    public string Current => _current;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var fault = Next();
            // Faults that lose data never combine, because the checker must know what is lost.
            var second = fault.CanCombine && Random.Shared.Next(3) == 0 ? redisFaults.Suspension : null;
            _current = second is null ? fault.Name : $"{fault.Name} + {second.Name}";
            await Task.WhenAll(fault.InjectAsync(), second?.InjectAsync() ?? Task.CompletedTask);
            foreach (var node in farm.Nodes)
                node.Proxy.ClearFaults();
            await Task.WhenAll(farm.Nodes.Select(node =>
                report.WaitForReadyAsync($"node {node.Name} after \"{_current}\"", node.IsReadyAsync)));
            _current = "after a fault";
            await NodeFaults.PauseAsync(200, 1500);
        }
        _current = NoFault;
    }

    /// <summary>Returns all faults in a random order, then all of them again.</summary>
    private Fault Next()
    {
        if (_next.Count == 0)
        {
            Fault none = new(NoFault, () => NodeFaults.PauseAsync(500, 2000));
            Fault[] all = [none, none, .. nodeFaults.All, .. redisFaults.All];
            Random.Shared.Shuffle(all);
            foreach (var fault in all)
                _next.Enqueue(fault);
        }
        return _next.Dequeue();
    }
}
