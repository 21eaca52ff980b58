using SessionWeb.Sessions.Caching;

namespace SessionWeb.Sessions.Revocation;

/// <summary>What a node counts, for people to see.</summary>
internal sealed class NodeStatistics(SessionCache cache)
{
    private const int Latest = 100;

    private readonly Lock _gate = new();
    private readonly Queue<TimeSpan> _latest = [];
    private long _hits;
    private long _reads;
    private long _revocations;

    public void Hit() => Interlocked.Increment(ref _hits);

    public void Read() => Interlocked.Increment(ref _reads);

    public void Revoked(TimeSpan after)
    {
        lock (_gate)
        {
            _revocations++;
            _latest.Enqueue(after);
            if (_latest.Count > Latest)
                _latest.Dequeue();
        }
    }

    /// <summary>'remembered hits reads revocations median p99', the last two in microseconds, -1 without any.</summary>
    public override string ToString()
    {
        lock (_gate)
        {
            var sorted = _latest.Order().ToList();
            return string.Join(
                ' ', cache.Count, Volatile.Read(ref _hits), Volatile.Read(ref _reads), _revocations, Microseconds(sorted, 0.5), Microseconds(sorted, 0.99));
        }
    }

    /// <summary>The same node with what it said of itself.</summary>
    public static NodeStatus AddTo(NodeStatus node, string? figures)
    {
        if (figures is null || figures.Split(' ') is not [var remembered, var hits, var reads, var revocations, var median, var p99])
            return node;
        return node with
        {
            CachedSessions = int.Parse(remembered),
            Hits = long.Parse(hits),
            Reads = long.Parse(reads),
            Revocations = long.Parse(revocations),
            RevocationMedian = Span(median),
            RevocationP99 = Span(p99),
        };
    }

    private static long Microseconds(List<TimeSpan> sorted, double share) =>
        sorted.Count == 0 ? -1 : (long)sorted[(int)((sorted.Count - 1) * share)].TotalMicroseconds;

    private static TimeSpan? Span(string microseconds) => long.Parse(microseconds) is >= 0 and var known ? TimeSpan.FromMicroseconds(known) : null;
}
