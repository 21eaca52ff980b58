namespace SessionWeb.Benchmarks.Comparison;

/// <summary>A server, and the cookies with which it is asked.</summary>
internal sealed record Target(Uri Url, ServerProcess Process, IReadOnlyList<string> Cookies);

/// <summary>Who takes turns in the contest.</summary>
internal sealed record Contestant(string Key, string Name)
{
    private readonly List<Turn> _turns = [];

    private readonly record struct Turn(double PerSecond, double CpuMicros, double RedisMicros, double P99Ms);

    public Wanted? Wanted { get; init; }

    /// <summary>Whom to compare this one with; null: the other way round, SessionWeb with this one.</summary>
    public Contestant? Over { get; init; }

    public async Task TakeTurnAsync(Target target, int seconds, ServerProcess redis)
    {
        var (cpu, redisCpu) = (target.Process.Cpu, redis.Cpu);
        var load = await Wrk.RunAsync(target.Url, target.Cookies, seconds);
        _turns.Add(new(
            load.PerSecond, (target.Process.Cpu - cpu).TotalMicroseconds / load.Requests, (redis.Cpu - redisCpu).TotalMicroseconds / load.Requests,
            load.P99 / 1000.0));
    }

    public void Tell(Report report, Contestant own)
    {
        var perSecond = _turns.Select(turn => turn.PerSecond).Median();
        var cpu = _turns.Select(turn => turn.CpuMicros).Median();
        var redis = _turns.Select(turn => turn.RedisMicros).Median();
        double? ratio = this == own ? null : Over is null ? RatioOf(own, this) : RatioOf(this, Over);
        report.Add(new(Name, perSecond, "requests/s") { Cpu = cpu, Redis = redis, Ratio = ratio, Wanted = Wanted });
        report.Put(perSecond, "requestsPerSecond", Key);
        report.Put(cpu, "cpuMicrosPerRequest", Key);
        report.Put(redis, "redisMicrosPerRequest", Key);
        report.Put(_turns.Select(turn => turn.P99Ms).Median(), "p99Ms", Key);
        if (ratio is not null)
            report.Put(ratio.Value, "throughputRatio", Key);
    }

    // Of turns that were near to each other.
    private static double RatioOf(Contestant one, Contestant other) =>
        one._turns.Zip(other._turns, (turn, others) => turn.PerSecond / others.PerSecond).Median();
}
