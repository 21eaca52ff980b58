namespace SessionWeb.Benchmarks.Comparison;

/// <summary>A server, and the cookies with which it is asked.</summary>
internal sealed record Target(Uri Url, ServerProcess Process, IReadOnlyList<string> Cookies);

/// <summary>Who takes turns in the contest.</summary>
internal sealed record Contestant(string Key, string Name)
{
    private const int WarmUp = 5;

    private readonly List<Turn> _turns = [];

    private readonly record struct Turn(double PerSecond, double CpuMicros, double RedisMicros, double P99Ms);

    public Wanted? Wanted { get; init; }

    /// <summary>Under which name its figures are in the file; null for the outermost.</summary>
    public string? Group { get; init; }

    /// <summary>Whom to compare this one with; null: the other way round, SessionWeb with this one.</summary>
    public Contestant? Over { get; init; }

    /// <summary>All take a turn, in a different order each round, so that none always follows the same one.</summary>
    /// <param name="contestants">Who takes turns.</param>
    /// <param name="targets">The server of each, in the same order.</param>
    /// <param name="round">The round.</param>
    /// <param name="seconds">How long a turn is.</param>
    /// <param name="redis">The Redis that they share.</param>
    public static async Task TakeTurnsAsync(Contestant[] contestants, Target[] targets, int round, int seconds, ServerProcess redis)
    {
        foreach (var target in targets)
            await Wrk.RunAsync(target.Url, target.Cookies, WarmUp);
        for (var i = 0; i < contestants.Length; i++)
        {
            var next = (i + round) % contestants.Length;
            await contestants[next].TakeTurnAsync(targets[next], seconds, redis);
        }
    }

    private async Task TakeTurnAsync(Target target, int seconds, ServerProcess redis)
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
        Put(perSecond, "requestsPerSecond");
        Put(cpu, "cpuMicrosPerRequest");
        Put(redis, "redisMicrosPerRequest");
        Put(_turns.Select(turn => turn.P99Ms).Median(), "p99Ms");
        if (ratio is not null)
            Put(ratio.Value, "throughputRatio");

        void Put(double figure, string name)
        {
            if (Group is null)
                report.Put(figure, name, Key);
            else
                report.Put(figure, Group, name, Key);
        }
    }

    // Of turns that were near to each other.
    private static double RatioOf(Contestant one, Contestant other) =>
        one._turns.Zip(other._turns, (turn, others) => turn.PerSecond / others.PerSecond).Median();
}
