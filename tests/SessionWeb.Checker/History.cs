using System.Collections.Concurrent;
using System.Diagnostics;
using SessionWeb.Checker.Faults;

namespace SessionWeb.Checker;

/// <summary>Every request and every revocation, by fault.</summary>
internal sealed class History(Verdicts verdicts)
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<double>> _latencies = new();
    private readonly ConcurrentDictionary<string, long> _requests = new();
    private long _accepted;
    private long _refused;
    private long _unavailable;
    private long _pending;
    private long _unknown;

    public long Requests => _accepted + _refused + _unavailable;

    public int Revocations => _latencies.Values.Sum(bag => bag.Count);

    public async Task AskAsync(TrackedSession session, NodeProcess node, string fault)
    {
        _requests.AddOrUpdate(fault, 1, (_, count) => count + 1);
        // What holds before the request starts, and what after it has ended: that is all that the verdict needs of time.
        var acknowledged = session.IsAcknowledged;
        var answer = await node.AskAsync(session.Cookie);
        switch (answer)
        {
            case Answer.Accepted:
                Interlocked.Increment(ref _accepted);
                if (acknowledged)
                    verdicts.Violation(
                        $"node {node.Name} accepted {session.Name} after its revocation was acknowledged ({fault})");
                break;
            case Answer.Refused:
                Interlocked.Increment(ref _refused);
                if (!session.IsInvoked && !session.IsLost && session.ReportOnce())
                    verdicts.EndedWithoutReason(
                        $"node {node.Name} refused {session.Name}, "
                        + $"{Stopwatch.GetElapsedTime(session.CreatedAt).TotalSeconds:0.0} s after its sign-in"
                        + $"{After(session)} ({fault})");
                break;
            default:
                Interlocked.Increment(ref _unavailable);
                break;
        }
    }

    public void Acknowledged(string fault, TimeSpan after) => _latencies.GetOrAdd(fault, _ => []).Add(after.TotalMilliseconds);

    public void Pending() => Interlocked.Increment(ref _pending);

    public void Unknown() => Interlocked.Increment(ref _unknown);

    public void Print()
    {
        Console.WriteLine($"{"fault",-44}{"acknowledged",14}{"p50 ms",10}{"p99 ms",10}{"max ms",10}{"requests",10}");
        foreach (var (fault, requests) in _requests.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            List<double> sorted = [.. _latencies.GetValueOrDefault(fault, []).Order()];
            var times = sorted.Count == 0
                ? $"{"–",10}{"–",10}{"–",10}"
                : $"{At(sorted, 0.5),10:0.0}{At(sorted, 0.99),10:0.0}{sorted[^1],10:0.0}";
            Console.WriteLine($"{fault,-44}{sorted.Count,14}{times}{requests,10}");
        }
        Console.WriteLine(
            $"requests {Requests}: {_accepted} accepted, {_refused} refused, {_unavailable} unavailable; "
            + $"revocations {Revocations} acknowledged, {_pending} pending, {_unknown} unanswered");
        verdicts.Print();
    }

    /// <summary>Whether revocations found nothing to wait for, where nothing failed: a quarter of them took less than this.</summary>
    public bool IsPromptWhereNothingFails(TimeSpan than) =>
        !_latencies.TryGetValue(FaultSchedule.Nothing, out var latencies)
        // Soon after a fault, revocations may wait: nodes have not held their leases for long.
        || At([.. latencies.Order()], 0.25) < than.TotalMilliseconds;

    private static double At(List<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];

    private static string After(TrackedSession session) => session.Former switch
    {
        not null when session.IsKept => ", kept when the others were revoked",
        { IsAcknowledged: true } => ", after an acknowledged revocation of the account",
        { IsPending: true } => ", after a pending revocation of the account",
        _ => "",
    };
}
