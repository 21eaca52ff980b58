using SessionWeb.Sessions.Revocation;

namespace SessionWeb.Sessions.Redis;

/// <summary>The acknowledgements that were published since it was created.</summary>
internal sealed class AcknowledgementCollector(TimeProvider clock, Action<AcknowledgementCollector> disposed)
    : IAcknowledgements
{
    private readonly Lock _gate = new();
    private readonly List<(PublishedAcknowledgement Acknowledgement, long At)> _received = [];
    private (AppendedEntry Entry, HashSet<string> Missing, TaskCompletionSource Done)? _awaited;

    public void Add(PublishedAcknowledgement acknowledgement)
    {
        lock (_gate)
        {
            _received.Add((acknowledgement, clock.GetTimestamp()));
            // While one node does not respond, the others acknowledge many later entries. Those must not cost a search
            // each.
            if (_awaited is { } awaited && Includes(acknowledgement, awaited.Entry)
                && awaited.Missing.Remove(acknowledgement.Node) && awaited.Missing.Count == 0)
            {
                awaited.Done.TrySetResult();
            }
        }
    }

    public async Task<bool> WaitAsync(AppendedEntry entry, IReadOnlyCollection<string> nodes, TimeSpan timeout)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var missing = nodes.Where(node => Find(entry, node) is null).ToHashSet();
            if (missing.Count == 0)
                return true;
            _awaited = (entry, missing, done);
        }
        if (timeout > TimeSpan.Zero)
            await Task.WhenAny(done.Task, Task.Delay(timeout, clock));
        return done.Task.IsCompleted;
    }

    public long? ReceivedAt(AppendedEntry entry, string node)
    {
        lock (_gate)
            return Find(entry, node);
    }

    public void Dispose() => disposed(this);

    private long? Find(AppendedEntry entry, string node)
    {
        foreach (var (acknowledgement, at) in _received)
        {
            if (acknowledgement.Node == node && Includes(acknowledgement, entry))
                return at;
        }

        return null;
    }

    private static bool Includes(PublishedAcknowledgement acknowledgement, AppendedEntry entry) =>
        acknowledgement.Number >= entry.Number && acknowledgement.Incarnation == entry.Incarnation;
}
