using System.Diagnostics;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>All parts of <c>bench.sh</c>, one after the other.</summary>
internal static class Bench
{
    public const string AgainstPart = "against";

    private static readonly Dictionary<string, Func<BenchOptions, Report, Task>> Parts = new()
    {
        ["throughput"] = Contest.RunAsync,
        ["bare"] = BareContest.RunAsync,
        ["steady"] = SteadyLoad.RunAsync,
        ["sign-in"] = SignInCost.RunAsync,
        ["revocation"] = RevocationLatency.RunAsync,
        ["recovery"] = Recovery.RunAsync,
        ["memory"] = NodeMemory.RunAsync,
        ["million"] = FullStore.RunAsync,
        [AgainstPart] = Against.RunAsync,
    };

    public static int Run(string[] args) => BenchOptions.Parse(args, Parts.Keys, RunAsync);

    private static async Task<int> RunAsync(BenchOptions options)
    {
        var (report, failed) = (new Report(), new List<string>());
        report.Put(DateTimeOffset.UtcNow.ToString("u"), "began");
        report.Put(Environment.ProcessorCount, "processors");
        report.Put(LoadAverage(), "loadBefore");
        report.Put(options.Rounds, "rounds");
        report.Put(options.Seconds, "secondsPerRound");
        foreach (var (name, runAsync) in Parts)
        {
            if (options.Only.Count > 0 ? !options.Only.Contains(name) : name == AgainstPart && options.Against is null)
                continue;
            var began = Stopwatch.GetTimestamp();
            Console.Error.Write($"{name} …");
            try
            {
                await runAsync(options, report);
                Console.Error.WriteLine($" {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
            }
            catch (Exception failure)
            {
                // What the other parts find is told all the same.
                Console.Error.WriteLine($" FAILED: {failure}");
                failed.Add(name);
            }
        }
        report.AddViolations(0);
        report.Add(new("violations: requests let in after the answer", report.Violations) { Wanted = Wanted.Most(0) });
        report.Print(Console.Out);
        if (failed.Count > 0)
            Console.WriteLine($"FAILED, and missing here: {string.Join(", ", failed)}");
        await report.WriteAsync(Path.Combine(Repository.Root, "bench-results.json"));
        return report.Violations == 0 && failed.Count == 0 ? 0 : 1;
    }

    private static double LoadAverage() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0]);
}
