using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>
/// Measures the apps of this and another revision in turns. It uses HTTP only, so that the other revision may lack this
/// program.
/// </summary>
internal static partial class RevisionComparison
{
    private const int WarmUp = 5;
    private const int SignIns = 60;
    private const int Nodes = 3;
    private const int RevocationWarmUp = 20;
    private const int Revocations = 100;
    private const int MaxRestarts = 3;

    public static async Task RunAsync(BenchmarkOptions options, Report report)
    {
        var reference = options.Against!;
        using var revision = Revision.Build(reference);
        await using var current = await MeasuredRevision.StartAsync(Revision.This);
        await using var other = await MeasuredRevision.StartAsync(revision);
        report.Put(reference, BenchmarkRunner.AgainstPart, "revision");
        report.Put(Revision.CommitOf(reference)!, BenchmarkRunner.AgainstPart, "commit");

        await SignInAsync(current, other);
        for (var round = 0; round < options.Rounds; round++)
            await MeasureThroughputAsync(Alternate(current, other, round), options.Seconds);
        report.AddViolations(await RevokeAsync(current, other));
        for (var round = 0; round < Math.Min(options.Rounds, MaxRestarts); round++)
        {
            foreach (var measured in Alternate(current, other, round))
                measured.Add("recoverySeconds", (await RecoveryBenchmark.MeasureAsync(measured.Revision, 1)).Single());
        }

        AddRow("requestsPerSecond", "one session", "requests/s", Statistics.Median);
        AddRow("cpuMicrosPerRequest", "one session, CPU per request", "µs", Statistics.Median);
        AddRow("requestsPerSecondRandom", "1,000 sessions at random", "requests/s", Statistics.Median);
        AddRow("cpuMicrosPerRequestRandom", "1,000 sessions at random, CPU per request", "µs", Statistics.Median);
        // A low percentile, because other processes interrupt the long password hash.
        AddRow("signInMs", "sign-in, with the hash", "ms", values => values.Percentile(10));
        // A mean, because the page shows whole milliseconds.
        AddRow("acknowledgedMs", $"revocation acknowledged by {Nodes} nodes, mean", "ms", Enumerable.Average);
        AddRow("clickToAnswerMs", $"revocation, {Nodes} nodes, click to answer", "ms", Statistics.Median);
        AddRow("recoverySeconds", $"{Nodes} nodes serve again after a Redis restart", "s", Statistics.Median);
        AddRow("redisBytesPerSession", "Redis memory per session, one per account", "bytes", Statistics.Median);

        void AddRow(string key, string description, string unit, Func<IEnumerable<double>, double> aggregate)
        {
            if (current.ValuesOf(key).Count == 0 || other.ValuesOf(key).Count == 0)
                return;
            var (currentValue, otherValue) = (aggregate(current.ValuesOf(key)), aggregate(other.ValuesOf(key)));
            var ratio = currentValue / otherValue;
            var otherText = otherValue.ToString("#,0.##", CultureInfo.InvariantCulture);
            report.Add(new($"against {reference} ({otherText}): {description}", currentValue, unit) { Ratio = ratio });
            report.Put(currentValue, BenchmarkRunner.AgainstPart, key, "this");
            report.Put(otherValue, BenchmarkRunner.AgainstPart, key, "other");
            report.Put(ratio, BenchmarkRunner.AgainstPart, key, "ratio");
        }
    }

    private static MeasuredRevision[] Alternate(MeasuredRevision current, MeasuredRevision other, int round) =>
        round % 2 == 0 ? [current, other] : [other, current];

    private static async Task SignInAsync(MeasuredRevision current, MeasuredRevision other)
    {
        for (var i = 0; i < SignIns; i++)
        {
            foreach (var measured in Alternate(current, other, i))
            {
                var began = Stopwatch.GetTimestamp();
                await measured.SignInAsync();
                measured.Add("signInMs", Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        await current.StopSignInNodeAsync();
        await other.StopSignInNodeAsync();
    }

    private static async Task MeasureThroughputAsync(MeasuredRevision[] revisions, int seconds)
    {
        await using var first = await revisions[0].StartNodeAsync();
        await using var second = await revisions[1].StartNodeAsync();
        (MeasuredRevision Measured, AppNode Node)[] servers = [(revisions[0], first), (revisions[1], second)];
        foreach (var (measured, node) in servers)
            await Wrk.RunAsync(node.Url, measured.Cookies, WarmUp);
        await MeasureLoadAsync(servers, measured => measured.Cookies[..1], seconds, "");
        await MeasureLoadAsync(servers, measured => measured.Cookies, seconds, "Random");
    }

    /// <summary>
    /// Puts load on both nodes in turns of one second: the speed of the machine may change within a few seconds.
    /// </summary>
    private static async Task MeasureLoadAsync(
        (MeasuredRevision Measured, AppNode Node)[] servers, Func<MeasuredRevision, string[]> cookies, int seconds,
        string suffix)
    {
        var totals = servers.ToDictionary(
            server => server.Measured, _ => (Requests: 0L, Seconds: 0.0, CpuMicros: 0.0));
        for (var turn = 0; turn < seconds; turn++)
        {
            foreach (var (measured, node) in turn % 2 == 0 ? servers : servers.Reverse())
            {
                var cpu = node.Process.Cpu;
                var load = await Wrk.RunAsync(node.Url, cookies(measured), seconds: 1);
                var total = totals[measured];
                totals[measured] = (
                    total.Requests + load.Requests,
                    total.Seconds + load.Micros / 1e6,
                    total.CpuMicros + (node.Process.Cpu - cpu).TotalMicroseconds);
            }
        }
        foreach (var (measured, total) in totals)
        {
            measured.Add($"requestsPerSecond{suffix}", total.Requests / total.Seconds);
            measured.Add($"cpuMicrosPerRequest{suffix}", total.CpuMicros / total.Requests);
        }
    }

    /// <returns>How many requests this revision accepted after their session was revoked.</returns>
    private static async Task<int> RevokeAsync(MeasuredRevision current, MeasuredRevision other)
    {
        await using var redis = await RedisServers.StartAsync();
        await using var otherRedis = await RedisServers.StartAsync();
        await using var farm = await StartFarmAsync(current.Revision, redis);
        await using var otherFarm = await StartFarmAsync(other.Revision, otherRedis);
        using var form = await SignInForm.OpenAsync(farm.First.Url);
        using var otherForm = await SignInForm.OpenAsync(otherFarm.First.Url);
        var violations = 0;
        for (var i = -RevocationWarmUp; i < Revocations; i++)
        {
            violations += await RevokeAsync(current, farm, form, isCounted: i >= 0);
            await RevokeAsync(other, otherFarm, otherForm, isCounted: i >= 0);
        }
        return violations;
    }

    private static Task<Farm> StartFarmAsync(Revision measured, RedisServer redis) =>
        Farm.StartAsync(measured, redis, Nodes, ("Accounts__BcryptCost", "10"));

    private static async Task<int> RevokeAsync(MeasuredRevision measured, Farm farm, SignInForm form, bool isCounted)
    {
        var cookie = await form.SignInAsync("bob", TestUsers.Named("bob").Password);
        if (await farm.CountAcceptingAsync(cookie) != farm.Count)
            throw new InvalidOperationException("A live session was refused.");
        var session = await farm.MeAsync(cookie);
        var clicked = Stopwatch.GetTimestamp();
        var page = await farm.PostAsync("revoke", ("account", session.AccountId), ("id", session.Session));
        var took = Stopwatch.GetElapsedTime(clicked).TotalMilliseconds;
        if (isCounted)
        {
            measured.Add("clickToAnswerMs", took);
            if (Confirmed().Match(page) is { Success: true } notice)
                measured.Add("acknowledgedMs", double.Parse(notice.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        }
        return await farm.CountAcceptingAsync(cookie);
    }

    [GeneratedRegex(@"Confirmed by [^<]*? in (\d+(?:\.\d+)?) ms")]
    private static partial Regex Confirmed();
}
