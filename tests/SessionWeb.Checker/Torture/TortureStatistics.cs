using System.Collections.Concurrent;
using System.Diagnostics;
using SessionWeb.Checker.Faults;
using SessionWeb.Checker.Library;

namespace SessionWeb.Checker.Torture;

/// <summary>Checks each request and counts requests and revocations per fault.</summary>
internal sealed class TortureStatistics(CheckReport report)
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<double>> _latencies = new();
    private readonly ConcurrentDictionary<string, long> _requests = new();
    private long _accepted;
    private long _rejected;
    private long _unavailable;
    private long _pending;
    private long _unknown;

    public long Requests => _accepted + _rejected + _unavailable;

    public int Revocations => _latencies.Values.Sum(bag => bag.Count);

    public async Task SendRequestAsync(TrackedSession session, LibraryNode node, string fault)
    {
        _requests.AddOrUpdate(fault, 1, (_, count) => count + 1);
        // Read before the request starts. The states that allow a rejection are read after the response.
        var isAcknowledged = session.IsAcknowledged;
        switch (await node.SendRequestAsync(session.Cookie))
        {
            case RequestOutcome.Accepted:
                Interlocked.Increment(ref _accepted);
                if (isAcknowledged)
                {
                    report.RecordViolation(
                        $"node {node.Name} accepted {session.Account} after its revocation was acknowledged ({fault})");
                }

                break;
            case RequestOutcome.Rejected:
                Interlocked.Increment(ref _rejected);
                if (!session.IsRevocationRequested && !session.MayBeLost && session.TryReport())
                {
                    report.RecordEndedWithoutReason(
                        $"node {node.Name} rejected {session.Account}, "
                        + $"{Stopwatch.GetElapsedTime(session.SignInEnded).TotalSeconds:0.0} s after the sign-in"
                        + $"{HistoryOf(session)} ({fault})");
                }

                break;
            default:
                Interlocked.Increment(ref _unavailable);
                break;
        }
    }

    public void Count(RevocationOutcome outcome, string fault, TimeSpan latency)
    {
        switch (outcome)
        {
            case RevocationOutcome.Acknowledged:
                _latencies.GetOrAdd(fault, _ => []).Add(latency.TotalMilliseconds);
                break;
            case RevocationOutcome.Pending:
                Interlocked.Increment(ref _pending);
                break;
            default:
                Interlocked.Increment(ref _unknown);
                break;
        }
    }

    public void Print()
    {
        Console.WriteLine($"{"fault",-44}{"acknowledged",14}{"p50 ms",10}{"p99 ms",10}{"max ms",10}{"requests",10}");
        foreach (var (fault, requests) in _requests.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            List<double> sorted = [.. _latencies.GetValueOrDefault(fault, []).Order()];
            var times = sorted.Count == 0
                ? $"{"–",10}{"–",10}{"–",10}"
                : $"{Percentile(sorted, 0.5),10:0.0}{Percentile(sorted, 0.99),10:0.0}{sorted[^1],10:0.0}";
            Console.WriteLine($"{fault,-44}{sorted.Count,14}{times}{requests,10}");
        }
        Console.WriteLine(
            $"requests {Requests}: {_accepted} accepted, {_rejected} rejected, {_unavailable} unavailable; "
            + $"revocations {Revocations} acknowledged, {_pending} pending, {_unknown} unanswered");
        report.Print();
    }

    /// <summary>Whether revocations without a fault are faster than this, so do not wait for leases.</summary>
    /// <remarks>
    /// Only a quarter of them must be: soon after a fault they may wait, because nodes have held no lease for long.
    /// </remarks>
    public bool AreRevocationsFaster(TimeSpan limit) =>
        !_latencies.TryGetValue(FaultSchedule.NoFault, out var latencies)
        || Percentile([.. latencies.Order()], 0.25) < limit.TotalMilliseconds;

    private static double Percentile(List<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];

    private static string HistoryOf(TrackedSession session) => session.Predecessor switch
    {
        not null when session.IsKept => ", kept by a revocation of the account",
        { IsAcknowledged: true } => ", after an acknowledged revocation of the account",
        { IsPending: true } => ", after a pending revocation of the account",
        _ => "",
    };
}
