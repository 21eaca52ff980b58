namespace SessionWeb.Benchmarks.Comparison;

/// <summary>A server and the cookies that the load on it uses.</summary>
internal sealed record ServerUnderLoad(Uri Url, ServerProcess Process, IReadOnlyList<string> Cookies);

/// <summary>One line of the throughput comparison: a server with one kind of load, measured once per round.</summary>
internal sealed record ThroughputCase(string Key, string Name)
{
    private const int WarmUp = 5;

    private readonly List<Measurement> _measurements = [];

    private readonly record struct Measurement(double PerSecond, double CpuMicros, double RedisMicros, double P99Ms);

    public Target? Target { get; init; }

    /// <summary>The object that holds its values in the results file; null for the root.</summary>
    public string? Group { get; init; }

    /// <summary>The case that this one is divided by. If null, the ratio is SessionWeb over this one.</summary>
    public ThroughputCase? Baseline { get; init; }

    /// <summary>Measures all cases once, in an order that rotates with the round.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="servers">The server of each case, in the same order.</param>
    /// <param name="round">The number of the round.</param>
    /// <param name="seconds">The duration of a measurement.</param>
    /// <param name="redis">The Redis that all servers share.</param>
    public static async Task RunRoundAsync(
        ThroughputCase[] cases, ServerUnderLoad[] servers, int round, int seconds, RedisServer redis)
    {
        foreach (var server in servers)
            await Wrk.RunAsync(server.Url, server.Cookies, WarmUp);
        for (var i = 0; i < cases.Length; i++)
        {
            var next = (i + round) % cases.Length;
            await cases[next].MeasureAsync(servers[next], seconds, redis);
        }
    }

    private async Task MeasureAsync(ServerUnderLoad server, int seconds, RedisServer redis)
    {
        var (cpu, redisCpu) = (server.Process.Cpu, redis.Process.Cpu);
        var load = await Wrk.RunAsync(server.Url, server.Cookies, seconds);
        _measurements.Add(new(
            load.PerSecond,
            (server.Process.Cpu - cpu).TotalMicroseconds / load.Requests,
            (redis.Process.Cpu - redisCpu).TotalMicroseconds / load.Requests,
            load.P99 / 1000.0));
    }

    public void AddTo(Report report, ThroughputCase sessionWeb)
    {
        var perSecond = _measurements.Select(measurement => measurement.PerSecond).Median();
        var cpu = _measurements.Select(measurement => measurement.CpuMicros).Median();
        var redis = _measurements.Select(measurement => measurement.RedisMicros).Median();
        double? ratio = this == sessionWeb ? null
            : Baseline is null ? RatioOf(sessionWeb, this)
            : RatioOf(this, Baseline);
        report.Add(new(Name, perSecond, "requests/s") { Cpu = cpu, Redis = redis, Ratio = ratio, Target = Target });
        Put(perSecond, "requestsPerSecond");
        Put(cpu, "cpuMicrosPerRequest");
        Put(redis, "redisMicrosPerRequest");
        Put(_measurements.Select(measurement => measurement.P99Ms).Median(), "p99Ms");
        if (ratio is not null)
            Put(ratio.Value, "throughputRatio");

        void Put(double value, string name)
        {
            if (Group is null)
                report.Put(value, name, Key);
            else
                report.Put(value, Group, name, Key);
        }
    }

    // Divides measurements of the same round, which ran close in time.
    private static double RatioOf(ThroughputCase one, ThroughputCase other) =>
        one._measurements.Zip(other._measurements, (first, second) => first.PerSecond / second.PerSecond).Median();
}
