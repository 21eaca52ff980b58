using System.CommandLine;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>The options of <c>bench.sh</c>.</summary>
/// <param name="Rounds">The number of rounds in which each server is measured once.</param>
/// <param name="Seconds">The seconds of load per server and round.</param>
/// <param name="Steady">
/// The seconds of the steady load. In the default time, the activity of each session is recorded once.
/// </param>
/// <param name="Sessions">The number of sessions that Redis is filled with.</param>
/// <param name="Only">The parts to run; empty for all.</param>
/// <param name="Against">The revision to compare with; null for none.</param>
internal sealed record BenchmarkOptions(
    int Rounds, int Seconds, int Steady, int Sessions, IReadOnlyCollection<string> Only, string? Against)
{
    public static int Parse(string[] args, IEnumerable<string> parts, Func<BenchmarkOptions, Task<int>> run)
    {
        var rounds = Count("--rounds", 5, "rounds in which each server is measured once");
        var seconds = Count("--seconds", 6, "seconds of load per server and round");
        var steady = Count("--steady", 90, "seconds during which Redis operations are counted");
        var sessions = Count("--sessions", 1_000_000, "sessions that Redis is filled with");
        var only = new Option<string[]>("--only")
        {
            Description = "the parts to run",
            AllowMultipleArgumentsPerToken = true,
        };
        only.AcceptOnlyFromAmong([.. parts]);
        var against = new Option<string?>("--against") { Description = "another revision to compare with" };
        against.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } reference && Revision.CommitOf(reference) is null)
                result.AddError($"--against must name a revision of this repository, but was '{reference}'.");
        });
        var command = new RootCommand("Measures SessionWeb and its peers.")
        {
            rounds, seconds, steady, sessions, only, against,
        };
        command.Validators.Add(result =>
        {
            // GetValue would throw if a part has an unknown name.
            var parts = result.GetResult(only)?.Tokens ?? [];
            if (parts.Any(part => part.Value == BenchmarkRunner.AgainstPart) && result.GetResult(against) is null)
                result.AddError($"--only {BenchmarkRunner.AgainstPart} requires --against REF.");
        });
        command.SetAction(result => run(new(
            result.GetValue(rounds), result.GetValue(seconds), result.GetValue(steady), result.GetValue(sessions),
            result.GetValue(only) ?? [], result.GetValue(against))));
        return command.Parse(args).Invoke();
    }

    private static Option<int> Count(string name, int defaultValue, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => defaultValue };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() <= 0)
                result.AddError($"{name} must be a whole number above 0.");
        });
        return option;
    }
}
