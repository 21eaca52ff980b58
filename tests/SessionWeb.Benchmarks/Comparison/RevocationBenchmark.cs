using System.Diagnostics;
using SessionWeb.Benchmarks.Peers;
using SessionWeb.Sessions;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>
/// Measures revocations of sessions that every node has just used, until all nodes have acknowledged, and from an
/// administrator's click to the answer. After the answer, no node may accept the session.
/// </summary>
internal static class RevocationBenchmark
{
    private const int WarmUp = 30;
    private const int Count = 300;
    private const int Clicks = 100;
    private const int Stops = 5;

    private static readonly SessionEnd End = new(SessionEndReasons.RevokedByAdmin);

    public static async Task RunAsync(BenchmarkOptions _, Report report)
    {
        await MeasureAcknowledgementAsync(1, report);
        await MeasureAcknowledgementAsync(3, report, (Target.AtMost(1.3), Target.AtMost(10)));
        await MeasureAcknowledgementAsync(5, report);
    }

    // This process is the node that revokes, so that one clock measures. The others are nodes of the app.
    private static async Task MeasureAcknowledgementAsync(
        int nodes, Report report, (Target? P50, Target? P99) targets = default)
    {
        await using var redis = await RedisServers.StartAsync();
        await using var farm = nodes > 1 ? await Farm.StartAsync(redis, nodes - 1) : null;
        await using var here = await CookieSource.StartAsync(redis.Configuration, TimeSpan.FromMinutes(30));
        var (times, violations) = (new List<double>(), 0);
        for (var i = 0; i < WarmUp + Count; i++)
        {
            var cookie = await SignInAsync(here, farm, $"revoked-{i}");
            var revocation = await here.Store.EndAccountAsync(AccountTag.For(BenchmarkUser.IdOf($"revoked-{i}")), End);
            violations += farm is null ? 0 : await farm.CountAcceptingAsync(cookie);
            if (i < WarmUp)
                continue;
            if (revocation.Nodes.Count(node => node.AcknowledgedAfter is not null) != nodes)
                throw new InvalidOperationException($"{revocation.Nodes.Count} nodes acknowledged instead of {nodes}.");
            times.Add(revocation.Elapsed.TotalMilliseconds);
        }

        var description = $"revocation acknowledged by {nodes} node{(nodes == 1 ? "" : "s")}";
        report.Add(new($"{description}, p50", times.Median(), "ms") { Target = targets.P50 });
        report.Add(new($"{description}, p99", times.Percentile(99), "ms") { Target = targets.P99 });
        report.Put(times.Median(), "revocationMs", $"nodes{nodes}", "p50");
        report.Put(times.Percentile(99), "revocationMs", $"nodes{nodes}", "p99");
        if (nodes == 3)
        {
            violations += await MeasureClickToAnswerAsync(farm!, here, report);
            violations += await MeasureStoppedNodeAsync(farm!, here, report);
        }
        report.AddViolations(violations);
    }

    /// <summary>Measures the page: form, audit log, revocation journal, revocation, answer.</summary>
    private static async Task<int> MeasureClickToAnswerAsync(Farm farm, CookieSource here, Report report)
    {
        var (times, violations) = (new List<double>(), 0);
        for (var i = 0; i < Clicks; i++)
        {
            var cookie = await SignInAsync(here, farm, $"clicked-{i}");
            var handle = await farm.HandleAsync(cookie);
            var clicked = Stopwatch.GetTimestamp();
            await farm.PostAsync("revoke", ("account", BenchmarkUser.IdOf($"clicked-{i}")), ("id", handle));
            times.Add(Stopwatch.GetElapsedTime(clicked).TotalMilliseconds);
            violations += await farm.CountAcceptingAsync(cookie);
        }
        report.Add(new("revocation, 3 nodes, click to answer, median", times.Median(), "ms"));
        report.Put(times.Median(), "revocationMs", "clickToAnswer");
        return violations;
    }

    /// <summary>Measures revocations while one node is stopped. The node continues afterwards.</summary>
    private static async Task<int> MeasureStoppedNodeAsync(Farm farm, CookieSource here, Report report)
    {
        var (times, violations) = (new List<double>(), 0);
        for (var i = 0; i < Stops; i++)
        {
            var cookie = await SignInAsync(here, farm, $"stopped-{i}");
            farm.Last.Suspend();
            RevocationResult revocation;
            try
            {
                revocation = await here.Store.EndAccountAsync(AccountTag.For(BenchmarkUser.IdOf($"stopped-{i}")), End);
            }
            finally
            {
                farm.Last.Resume();
            }
            violations += await farm.CountAcceptingAsync(cookie);
            if (revocation.Nodes.Count(node => node.AcknowledgedAfter is null) != 1)
            {
                throw new InvalidOperationException(
                    $"Only one node must not acknowledge, but there were: {string.Join(", ", revocation.Nodes)}.");
            }

            times.Add(revocation.Elapsed.TotalMilliseconds);
        }
        report.Add(new("revocation with one of 3 nodes stopped, longest", times.Max(), "ms")
        {
            Target = Target.AtMost(2200),
        });
        report.Put(times.Max(), "revocationMs", "oneStopped");
        return violations;
    }

    private static async Task<string> SignInAsync(CookieSource here, Farm? farm, string name)
    {
        var cookie = await here.SignInAsync(name);
        if (farm is not null && await farm.CountAcceptingAsync(cookie) != farm.Count)
            throw new InvalidOperationException("A live session was refused.");
        return cookie;
    }
}
