using System.Diagnostics;
using SessionWeb.Benchmarks.Peers;
using SessionWeb.Sessions;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>
/// How long a revocation takes, of a session that every node has used a moment before: until all nodes have acknowledged it, and from an
/// administrator's click to the answer. After it no node may let the session in.
/// </summary>
internal static class RevocationLatency
{
    private const int WarmUp = 30;
    private const int Count = 300;
    private const int Clicks = 100;
    private const int Freezes = 5;

    private static readonly SessionEnd Ending = new(SessionEndReasons.RevokedByAdmin);

    public static async Task RunAsync(BenchOptions _, Report report)
    {
        await AcknowledgedAsync(1, report);
        await AcknowledgedAsync(3, report, (Wanted.Most(1.3), Wanted.Most(10)));
        await AcknowledgedAsync(5, report);
    }

    // The one that revokes is in this process, so that its own clock is the one that counts; the others are nodes of the app.
    private static async Task AcknowledgedAsync(int nodes, Report report, (Wanted? P50, Wanted? P99) wanted = default)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var farm = nodes > 1 ? await Farm.StartAsync(redis, nodes - 1) : null;
        await using var here = await CookieSource.StartAsync(redis.Configuration, TimeSpan.FromMinutes(30));
        var (times, violations) = (new List<double>(), 0);
        for (var i = 0; i < WarmUp + Count; i++)
        {
            var cookie = await SignInAsync(here, farm, $"revoked-{i}");
            var revocation = await here.Store.EndAccountAsync(AccountTag.For(Person.Id($"revoked-{i}")), Ending);
            violations += farm is null ? 0 : await farm.AcceptedAsync(cookie);
            if (i < WarmUp)
                continue;
            if (revocation.Nodes.Count(node => node.AcknowledgedAfter is not null) != nodes)
                throw new InvalidOperationException($"{revocation.Nodes.Count} nodes acknowledged in place of {nodes}.");
            times.Add(revocation.Elapsed.TotalMilliseconds);
        }

        var what = $"revocation acknowledged by {nodes} node{(nodes == 1 ? "" : "s")}";
        report.Add(new($"{what}, p50", times.Median(), "ms") { Wanted = wanted.P50 });
        report.Add(new($"{what}, p99", times.Percentile(99), "ms") { Wanted = wanted.P99 });
        report.Put(times.Median(), "revocationMs", $"nodes{nodes}", "p50");
        report.Put(times.Percentile(99), "revocationMs", $"nodes{nodes}", "p99");
        if (nodes == 3)
        {
            violations += await ClickedAsync(farm!, here, report);
            violations += await FrozenAsync(farm!, here, report);
        }
        report.AddViolations(violations);
    }

    /// <summary>The whole way through the page: form, audit log, intent, revocation, answer.</summary>
    private static async Task<int> ClickedAsync(Farm farm, CookieSource here, Report report)
    {
        var (times, violations) = (new List<double>(), 0);
        for (var i = 0; i < Clicks; i++)
        {
            var cookie = await SignInAsync(here, farm, $"clicked-{i}");
            var handle = await farm.HandleAsync(cookie);
            var clicked = Stopwatch.GetTimestamp();
            await farm.PostAsync("revoke", ("account", Person.Id($"clicked-{i}")), ("id", handle));
            times.Add(Stopwatch.GetElapsedTime(clicked).TotalMilliseconds);
            violations += await farm.AcceptedAsync(cookie);
        }
        report.Add(new("revocation, 3 nodes, click to answer, median", times.Median(), "ms"));
        report.Put(times.Median(), "revocationMs", "clickToAnswer");
        return violations;
    }

    /// <summary>One node is stopped in the middle of it all, and wakes afterwards.</summary>
    private static async Task<int> FrozenAsync(Farm farm, CookieSource here, Report report)
    {
        var (times, violations) = (new List<double>(), 0);
        for (var i = 0; i < Freezes; i++)
        {
            var cookie = await SignInAsync(here, farm, $"frozen-{i}");
            farm.Last.Freeze();
            RevocationResult revocation;
            try
            {
                revocation = await here.Store.EndAccountAsync(AccountTag.For(Person.Id($"frozen-{i}")), Ending);
            }
            finally
            {
                farm.Last.Thaw();
            }
            violations += await farm.AcceptedAsync(cookie);
            if (revocation.Nodes.Count(node => node.AcknowledgedAfter is null) != 1)
                throw new InvalidOperationException($"Not only the stopped node is named, in round {i + 1}: {string.Join(", ", revocation.Nodes)}.");
            times.Add(revocation.Elapsed.TotalMilliseconds);
        }
        report.Add(new("revocation with one of 3 nodes stopped, longest", times.Max(), "ms") { Wanted = Wanted.Most(2200) });
        report.Put(times.Max(), "revocationMs", "oneStopped");
        return violations;
    }

    private static async Task<string> SignInAsync(CookieSource here, Farm? farm, string name)
    {
        var cookie = await here.SignInAsync(name);
        if (farm is not null && await farm.AcceptedAsync(cookie) != farm.Count)
            throw new InvalidOperationException("A live session was refused.");
        return cookie;
    }
}
