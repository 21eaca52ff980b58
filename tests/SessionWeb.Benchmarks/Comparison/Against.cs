using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>
/// Another revision's app beside this one, in turns. Both are measured from outside, over HTTP, so that the other need not know this program.
/// </summary>
internal static partial class Against
{
    private const int WarmUp = 5;
    private const int SignIns = 60;
    private const int Nodes = 3;
    private const int RevocationWarmUp = 20;
    private const int Revocations = 100;
    private const int MostRestarts = 3;

    public static async Task RunAsync(BenchOptions options, Report report)
    {
        var reference = options.Against!;
        using var revision = Revision.Build(reference);
        await using var own = await Contender.StartAsync(Revision.This);
        await using var other = await Contender.StartAsync(revision);
        report.Put(reference, Bench.AgainstPart, "revision");
        report.Put(Revision.CommitOf(reference)!, Bench.AgainstPart, "commit");

        await SignInAsync(own, other);
        for (var round = 0; round < options.Rounds; round++)
            await TakeTurnsAsync(InTurn(own, other, round), options.Seconds);
        report.AddViolations(await RevokeAsync(own, other));
        for (var round = 0; round < Math.Min(options.Rounds, MostRestarts); round++)
            foreach (var contender in InTurn(own, other, round))
                contender.Add("recoverySeconds", (await Recovery.MeasureAsync(contender.Revision, 1)).Single());

        Tell("requestsPerSecond", "one session", "requests/s", Sample.Median);
        Tell("cpuMicrosPerRequest", "one session, CPU per request", "µs", Sample.Median);
        Tell("requestsPerSecondRandom", "1,000 sessions at random", "requests/s", Sample.Median);
        Tell("cpuMicrosPerRequestRandom", "1,000 sessions at random, CPU per request", "µs", Sample.Median);
        // The least disturbed: the hash keeps a core busy for long enough to be interrupted on a busy machine.
        Tell("signInMs", "sign-in, with the hash", "ms", figures => figures.Percentile(10));
        // The page shows whole milliseconds, so a median would too.
        Tell("acknowledgedMs", $"revocation acknowledged by {Nodes} nodes, mean", "ms", Enumerable.Average);
        Tell("clickToAnswerMs", $"revocation, {Nodes} nodes, click to answer", "ms", Sample.Median);
        Tell("recoverySeconds", $"{Nodes} nodes serve again after a Redis restart", "s", Sample.Median);
        Tell("redisBytesPerSession", "Redis memory per session, one per account", "bytes", Sample.Median);

        void Tell(string key, string what, string unit, Func<IEnumerable<double>, double> typical)
        {
            if (own.Of(key).Count == 0 || other.Of(key).Count == 0)
                return;
            var (here, there) = (typical(own.Of(key)), typical(other.Of(key)));
            report.Add(new($"against {reference} ({there.ToString("#,0.##", CultureInfo.InvariantCulture)}): {what}", here, unit) { Ratio = here / there });
            report.Put(here, Bench.AgainstPart, key, "this");
            report.Put(there, Bench.AgainstPart, key, "other");
            report.Put(here / there, Bench.AgainstPart, key, "ratio");
        }
    }

    private static Contender[] InTurn(Contender own, Contender other, int round) => round % 2 == 0 ? [own, other] : [other, own];

    private static async Task SignInAsync(Contender own, Contender other)
    {
        for (var i = 0; i < SignIns; i++)
            foreach (var contender in InTurn(own, other, i))
            {
                var began = Stopwatch.GetTimestamp();
                await contender.SignInAsync();
                contender.Add("signInMs", Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        await own.StopSigningInAsync();
        await other.StopSigningInAsync();
    }

    private static async Task TakeTurnsAsync(Contender[] contenders, int seconds)
    {
        await using var first = await contenders[0].StartNodeAsync();
        await using var second = await contenders[1].StartNodeAsync();
        (Contender Contender, AppNode Node)[] turns = [(contenders[0], first), (contenders[1], second)];
        foreach (var (contender, node) in turns)
            await Wrk.RunAsync(node.Url, contender.Cookies, WarmUp);
        foreach (var (contender, node) in turns)
            await TakeTurnAsync(contender, node, contender.Cookies[..1], seconds, "");
        foreach (var (contender, node) in turns)
            await TakeTurnAsync(contender, node, contender.Cookies, seconds, "Random");
    }

    private static async Task TakeTurnAsync(Contender contender, AppNode node, string[] cookies, int seconds, string suffix)
    {
        var cpu = node.Process.Cpu;
        var load = await Wrk.RunAsync(node.Url, cookies, seconds);
        contender.Add($"requestsPerSecond{suffix}", load.PerSecond);
        contender.Add($"cpuMicrosPerRequest{suffix}", (node.Process.Cpu - cpu).TotalMicroseconds / load.Requests);
    }

    /// <returns>How many requests of a revoked session this revision let in.</returns>
    private static async Task<int> RevokeAsync(Contender own, Contender other)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var otherRedis = await RedisServer.StartAsync();
        await using var farm = await StartFarmAsync(own.Revision, redis);
        await using var otherFarm = await StartFarmAsync(other.Revision, otherRedis);
        using var form = await SignInForm.OpenAsync(farm.First.Url);
        using var otherForm = await SignInForm.OpenAsync(otherFarm.First.Url);
        var violations = 0;
        for (var i = -RevocationWarmUp; i < Revocations; i++)
        {
            violations += await RevokeAsync(own, farm, form, isCounted: i >= 0);
            await RevokeAsync(other, otherFarm, otherForm, isCounted: i >= 0);
        }
        return violations;
    }

    private static Task<Farm> StartFarmAsync(Revision revision, RedisServer redis) =>
        Farm.StartAsync(revision, redis, Nodes, ("Accounts__BcryptCost", "10"));

    private static async Task<int> RevokeAsync(Contender contender, Farm farm, SignInForm form, bool isCounted)
    {
        var cookie = await form.SignInAsync("bob", await AppNode.PasswordAsync("bob"));
        if (await farm.AcceptedAsync(cookie) != farm.Count)
            throw new InvalidOperationException("A live session was refused.");
        var session = await farm.MeAsync(cookie);
        var clicked = Stopwatch.GetTimestamp();
        var page = await farm.PostAsync("revoke", ("account", session.AccountId), ("id", session.Session));
        var took = Stopwatch.GetElapsedTime(clicked).TotalMilliseconds;
        if (isCounted)
        {
            contender.Add("clickToAnswerMs", took);
            if (Confirmed().Match(page) is { Success: true } notice)
                contender.Add("acknowledgedMs", double.Parse(notice.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        }
        return await farm.AcceptedAsync(cookie);
    }

    [GeneratedRegex(@"Confirmed by [^<]*? in (\d+(?:\.\d+)?) ms")]
    private static partial Regex Confirmed();
}
