namespace SessionWeb.Sessions.Revoking;

/// <summary>The acknowledgements that were published since this was made. Messages may be lost, so they only say when to look.</summary>
internal sealed class PublishedAcknowledgements
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _applied = [];
    private Awaited? _awaited;

    private sealed record Awaited(long Number, IReadOnlyCollection<string> Nodes)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Adds that a node has applied the log up to a number.</summary>
    public void Add(long number, string node)
    {
        lock (_gate)
        {
            _applied[node] = Math.Max(number, _applied.GetValueOrDefault(node));
            CompleteIfThere();
        }
    }

    /// <summary>Waits until these nodes have acknowledged an entry, or for this long.</summary>
    public async Task WaitAsync(long number, IReadOnlyCollection<string> nodes, TimeSpan longest)
    {
        Task done;
        lock (_gate)
        {
            _awaited = new(number, nodes);
            done = _awaited.Done.Task;
            CompleteIfThere();
        }
        if (longest > TimeSpan.Zero)
            await Task.WhenAny(done, Task.Delay(longest));
    }

    private void CompleteIfThere()
    {
        if (_awaited is { } awaited && awaited.Nodes.All(node => _applied.GetValueOrDefault(node) >= awaited.Number))
            awaited.Done.TrySetResult();
    }
}
