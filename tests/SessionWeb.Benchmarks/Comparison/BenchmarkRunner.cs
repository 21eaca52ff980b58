using System.Diagnostics;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>Runs the parts of <c>bench.sh</c> in order.</summary>
internal static class BenchmarkRunner
{
    public const string AgainstPart = "against";

    private static readonly Dictionary<string, Func<BenchmarkOptions, Report, Task>> Parts = new()
    {
        ["throughput"] = ThroughputBenchmark.RunAsync,
        ["bare"] = MinimalAppBenchmark.RunAsync,
        ["steady"] = SteadyLoadBenchmark.RunAsync,
        ["sign-in"] = SignInBenchmark.RunAsync,
        ["revocation"] = RevocationBenchmark.RunAsync,
        ["recovery"] = RecoveryBenchmark.RunAsync,
        ["memory"] = NodeMemoryBenchmark.RunAsync,
        ["million"] = ManySessionsBenchmark.RunAsync,
        [AgainstPart] = RevisionComparison.RunAsync,
    };

    public static int Run(string[] args) => BenchmarkOptions.Parse(args, Parts.Keys, RunAsync);

    private static async Task<int> RunAsync(BenchmarkOptions options)
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
                // The other parts still run and report.
                Console.Error.WriteLine($" FAILED: {failure}");
                failed.Add(name);
            }
        }
        report.AddViolations(0);
        report.Add(new("violations: requests accepted after the answer", report.Violations)
        {
            Target = Target.AtMost(0),
        });
        report.Print(Console.Out);
        if (failed.Count > 0)
            Console.WriteLine($"FAILED, without results: {string.Join(", ", failed)}");
        await report.WriteAsync(Path.Combine(Repository.Root, "bench-results.json"));
        return report.Violations == 0 && failed.Count == 0 ? 0 : 1;
    }

    private static double LoadAverage() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0]);
}
