using SessionWeb.Sessions.Redis;

namespace SessionWeb.Sessions.Revocation;

/// <summary>A node says up to where it has applied the log.</summary>
/// <param name="Incarnation">The log.</param>
/// <param name="Number">The last entry that the node has applied.</param>
/// <param name="Node">The node's id.</param>
internal sealed record PublishedAcknowledgement(string Incarnation, long Number, string Node)
{
    /// <param name="message">'incarnation number node', as renew.lua writes it.</param>
    /// <returns>Null for any other message.</returns>
    public static PublishedAcknowledgement? TryParse(string message) =>
        message.Split(' ', 3) is [var incarnation, var number, var node] && long.TryParse(number, out var last) ? new(incarnation, last, node) : null;
}

/// <summary>The acknowledgements that were published since this was made. Some may be missing: messages can be lost.</summary>
internal sealed class AcknowledgementCollector(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly List<(PublishedAcknowledgement Acknowledgement, long At)> _all = [];
    private (AppendedEntry Entry, HashSet<string> Missing, TaskCompletionSource Done)? _awaited;

    public void Add(PublishedAcknowledgement acknowledgement)
    {
        lock (_gate)
        {
            _all.Add((acknowledgement, clock.GetTimestamp()));
            // While a node does not answer, the others acknowledge many later entries: those must not cost a search each.
            if (_awaited is { } awaited && IsOf(awaited.Entry, acknowledgement) && awaited.Missing.Remove(acknowledgement.Node) && awaited.Missing.Count == 0)
                awaited.Done.TrySetResult();
        }
    }

    /// <summary>Waits until nodes have acknowledged an entry, or for this long.</summary>
    /// <returns>Whether all of them have.</returns>
    public async Task<bool> WaitAsync(AppendedEntry entry, IReadOnlyCollection<string> nodes, TimeSpan longest)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var missing = nodes.Where(node => Find(entry, node) is null).ToHashSet();
            if (missing.Count == 0)
                return true;
            _awaited = (entry, missing, done);
        }
        if (longest > TimeSpan.Zero)
            await Task.WhenAny(done.Task, Task.Delay(longest, clock));
        return done.Task.IsCompleted;
    }

    /// <summary>The timestamp at which a node's acknowledgement of an entry was heard; null if it was not.</summary>
    public long? ReceivedAt(AppendedEntry entry, string node)
    {
        lock (_gate)
            return Find(entry, node);
    }

    private long? Find(AppendedEntry entry, string node)
    {
        foreach (var (acknowledgement, at) in _all)
            if (acknowledgement.Node == node && IsOf(entry, acknowledgement))
                return at;
        return null;
    }

    private static bool IsOf(AppendedEntry entry, PublishedAcknowledgement acknowledgement) =>
        acknowledgement.Number >= entry.Number && acknowledgement.Incarnation == entry.Incarnation;
}
