using System.Diagnostics;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>
/// How long three nodes refuse requests after Redis crashed and restarted from a snapshot that holds none of the recorded revocations.
/// </summary>
internal static class Recovery
{
    private const int Nodes = 3;
    private const int Recorded = 40_000;

    public static async Task RunAsync(BenchOptions options, Report report)
    {
        var times = await MeasureAsync(Revision.This, options.Rounds);
        var what = $"{Nodes} nodes serve again after a Redis restart, {Recorded:#,0} revocations recorded";
        report.Add(new($"{what}, median", times.Median(), "s"));
        report.Add(new($"{what}, longest", times.Max(), "s") { Wanted = Wanted.Most(2) });
        report.Put(times.Median(), "recoverySeconds", "median");
        report.Put(times.Max(), "recoverySeconds", "longest");
    }

    /// <returns>Seconds from the start of the new Redis until the last node accepts a session again, once per restart.</returns>
    public static async Task<List<double>> MeasureAsync(Revision revision, int restarts)
    {
        var redis = await RedisServer.StartAsync();
        var snapshot = Path.GetTempFileName();
        try
        {
            await using var farm = await Farm.StartAsync(revision, redis, Nodes, ("Sessions__StoreTimeout", "00:00:00.750"));
            using var form = await SignInForm.OpenAsync(farm.First.Url);
            var witness = await form.SignInAsync("alice", await AppNode.PasswordAsync("alice"));
            if (await farm.AcceptedAsync(witness) != farm.Count)
                throw new InvalidOperationException("A live session was refused.");
            File.Copy(await redis.SaveAsync(), snapshot, overwrite: true);
            await AccountsDatabase.AddRevocationsAsync(farm.First.Process.Data, Recorded);

            var times = new List<double>();
            for (var i = 0; i < restarts; i++)
            {
                await redis.DisposeAsync();
                await farm.RefusedByAllAsync(witness);
                var began = Stopwatch.GetTimestamp();
                var serving = TimeAsync(farm, witness, began);
                redis = await RedisServer.StartAsync(redis.Port, snapshot);
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

    private static async Task<TimeSpan> TimeAsync(Farm farm, string witness, long began)
    {
        await farm.AcceptedByAllAsync(witness);
        return Stopwatch.GetElapsedTime(began);
    }
}
