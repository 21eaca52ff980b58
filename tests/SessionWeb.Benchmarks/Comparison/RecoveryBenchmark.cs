using System.Diagnostics;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>
/// Measures how long three nodes refuse requests after Redis was killed and restarted from a snapshot that holds none
/// of the recorded revocations.
/// </summary>
internal static class RecoveryBenchmark
{
    private const int Nodes = 3;
    private const int Recorded = 40_000;

    public static async Task RunAsync(BenchmarkOptions options, Report report)
    {
        var times = await MeasureAsync(Revision.This, options.Rounds);
        var description = $"{Nodes} nodes serve again after a Redis restart, {Recorded:#,0} revocations recorded";
        report.Add(new($"{description}, median", times.Median(), "s"));
        report.Add(new($"{description}, longest", times.Max(), "s") { Target = Target.AtMost(2) });
        report.Put(times.Median(), "recoverySeconds", "median");
        report.Put(times.Max(), "recoverySeconds", "longest");
    }

    /// <returns>For each restart, the seconds from the start of Redis until the last node accepts a session.</returns>
    public static async Task<List<double>> MeasureAsync(Revision revision, int restarts)
    {
        var redis = await RedisServers.StartAsync();
        var snapshot = Path.GetTempFileName();
        try
        {
            await using var farm = await Farm.StartAsync(
                revision, redis, Nodes, ("Sessions__StoreTimeout", "00:00:00.750"));
            using var form = await SignInForm.OpenAsync(farm.First.Url);
            var probe = await form.SignInAsync("alice", TestUsers.Named("alice").Password);
            if (await farm.CountAcceptingAsync(probe) != farm.Count)
                throw new InvalidOperationException("A live session was refused.");
            await redis.SaveAsync();
            File.Copy(redis.Snapshot, snapshot, overwrite: true);
            await AccountsSeed.AddRevocationsAsync(farm.First.Process.Data, Recorded);

            var times = new List<double>();
            for (var i = 0; i < restarts; i++)
            {
                await redis.DisposeAsync();
                await farm.WaitUntilRefusedByAllAsync(probe);
                var began = Stopwatch.GetTimestamp();
                var serving = TimeAsync(farm, probe, began);
                redis = await RedisServers.StartAsync(redis.Port, snapshot);
                times.Add((await serving).TotalSeconds);
            }
            return times;
        }
        finally
        {
            await redis.DisposeAsync();
            File.Delete(snapshot);
        }
    }

    private static async Task<TimeSpan> TimeAsync(Farm farm, string probe, long began)
    {
        await farm.WaitUntilAcceptedByAllAsync(probe);
        return Stopwatch.GetElapsedTime(began);
    }
}
