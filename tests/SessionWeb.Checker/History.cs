using System.Collections.Concurrent;
using System.Diagnostics;

namespace SessionWeb.Checker;

/// <summary>Every request and every revocation, and what must not be among them.</summary>
internal sealed class History
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<double>> _latencies = new();
    private long _accepted;
    private long _refused;
    private long _unavailable;
    private long _violations;
    private long _falseSignOuts;
    private long _pending;
    private long _unknown;

    public long Requests => _accepted + _refused + _unavailable;

    public long Violations => _violations;

    public long FalseSignOuts => _falseSignOuts;

    public int Revocations => _latencies.Values.Sum(bag => bag.Count);

    public async Task AskAsync(TrackedSession session, NodeProcess node)
    {
        // What holds before the request starts, and what after it has ended: that is all that the verdict needs of time.
        var acknowledged = session.IsAcknowledged;
        var answer = await node.AskAsync(session.Cookie);
        switch (answer)
        {
            case Answer.Accepted:
                Interlocked.Increment(ref _accepted);
                if (acknowledged)
                    Wrong(ref _violations, $"node {node.Name} accepted {session.Name} after its revocation was acknowledged");
                break;
            case Answer.Refused:
                Interlocked.Increment(ref _refused);
                if (!session.IsInvoked && !session.IsLost)
                    Wrong(ref _falseSignOuts, $"node {node.Name} refused {session.Name}, which nobody had revoked, {Stopwatch.GetElapsedTime(session.CreatedAt).TotalSeconds:0.0} s after its sign-in");
                break;
            default:
                Interlocked.Increment(ref _unavailable);
                break;
        }
    }

    public void Acknowledged(string fault, TimeSpan after) => _latencies.GetOrAdd(fault, _ => []).Add(after.TotalMilliseconds);

    public void Pending() => Interlocked.Increment(ref _pending);

    public void Unknown() => Interlocked.Increment(ref _unknown);

    public void NeverTookEffect(TrackedSession session, NodeProcess node) =>
        Wrong(ref _violations, $"node {node.Name} still accepts {session.Name}, whose revocation was asked for long ago");

    public void Print()
    {
        Console.WriteLine($"{"fault",-28}{"acknowledged",14}{"p50 ms",10}{"p99 ms",10}{"max ms",10}");
        foreach (var (fault, latencies) in _latencies.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var sorted = latencies.Order().ToList();
            Console.WriteLine($"{fault,-28}{sorted.Count,14}{At(sorted, 0.5),10:0.0}{At(sorted, 0.99),10:0.0}{sorted[^1],10:0.0}");
        }
        Console.WriteLine($"requests {Requests}: {_accepted} accepted, {_refused} refused, {_unavailable} unavailable; revocations {Revocations} acknowledged, {_pending} pending, {_unknown} unanswered");
        Console.WriteLine($"violations {_violations}, false sign-outs {_falseSignOuts}");
    }

    /// <summary>Whether revocations found nothing to wait for, where nothing failed: most took less than this.</summary>
    public bool IsPromptWhereNothingFails(TimeSpan than) =>
        !_latencies.TryGetValue(Faults.Nothing, out var latencies) || At([.. latencies.Order()], 0.5) < than.TotalMilliseconds;

    private static double At(List<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];

    private static void Wrong(ref long count, string what)
    {
        if (Interlocked.Increment(ref count) <= 20)
            Console.WriteLine($"WRONG: {what}");
    }
}
