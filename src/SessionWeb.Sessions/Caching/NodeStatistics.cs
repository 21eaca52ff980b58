namespace SessionWeb.Sessions.Caching;

/// <summary>What a node counts since its start, for administrators.</summary>
internal sealed class NodeStatistics(TimeProvider clock)
{
    private const int MaxLatencies = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Queue<TimeSpan> _latencies = [];
    private long _hits;
    private long _reads;
    private long _revocations;
    private long _takenAt;

    public void AddHit() => Interlocked.Increment(ref _hits);

    public void AddRead() => Interlocked.Increment(ref _reads);

    public void AddRevocation(TimeSpan latency)
    {
        lock (_gate)
        {
            _revocations++;
            _latencies.Enqueue(latency);
            if (_latencies.Count > MaxLatencies)
                _latencies.Dequeue();
        }
    }

    /// <summary>
    /// Every two seconds 'cached hits reads revocations median p99', the last two in microseconds or -1; else empty.
    /// </summary>
    /// <param name="cached">The number of cached sessions.</param>
    public string TakeDue(int cached)
    {
        if (clock.GetElapsedTime(_takenAt) < Interval)
            return "";
        _takenAt = clock.GetTimestamp();
        lock (_gate)
        {
            var sorted = _latencies.Order().ToList();
            return string.Join(
                ' ', cached, Volatile.Read(ref _hits), Volatile.Read(ref _reads), _revocations,
                Microseconds(sorted, 0.5), Microseconds(sorted, 0.99));
        }
    }

    /// <summary>The node with its stored statistics.</summary>
    public static NodeStatus AddTo(NodeStatus node, string? statistics)
    {
        if (statistics?.Split(' ') is not [var cached, var hits, var reads, var revocations, var median, var p99])
            return node;
        return node with
        {
            CachedSessions = int.Parse(cached),
            Hits = long.Parse(hits),
            Reads = long.Parse(reads),
            Revocations = long.Parse(revocations),
            RevocationMedian = Span(median),
            RevocationP99 = Span(p99),
        };
    }

    private static long Microseconds(List<TimeSpan> sorted, double share) =>
        sorted.Count == 0 ? -1 : (long)sorted[(int)((sorted.Count - 1) * share)].TotalMicroseconds;

    private static TimeSpan? Span(string microseconds) =>
        long.Parse(microseconds) is >= 0 and var known ? TimeSpan.FromMicroseconds(known) : null;
}
