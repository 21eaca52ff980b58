using System.CommandLine;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>What <c>bench.sh</c> was asked for.</summary>
/// <param name="Rounds">How often each server of the contest has its turn.</param>
/// <param name="Seconds">How long a turn is.</param>
/// <param name="Steady">How long the steady load is, in seconds. The default is the time in which each session is noted as used once.</param>
/// <param name="Sessions">How many sessions Redis is filled with.</param>
/// <param name="Only">The parts to run; none means all.</param>
/// <param name="Against">The revision to measure in the same rounds; null for none.</param>
internal sealed record BenchOptions(int Rounds, int Seconds, int Steady, int Sessions, IReadOnlyCollection<string> Only, string? Against)
{
    public static int Parse(string[] args, IEnumerable<string> parts, Func<BenchOptions, Task<int>> run)
    {
        var rounds = Count("--rounds", 5, "how often each server of the contest has its turn");
        var seconds = Count("--seconds", 6, "how long a turn is");
        var steady = Count("--steady", 90, "how many seconds of steady load Redis' operations are counted in");
        var sessions = Count("--sessions", 1_000_000, "how many sessions Redis is filled with");
        var only = new Option<string[]>("--only") { Description = "the parts to run", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([.. parts]);
        var against = new Option<string?>("--against") { Description = "another revision, measured beside this one" };
        against.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } reference && Revision.CommitOf(reference) is null)
                result.AddError($"--against takes a revision of this repository, but '{reference}' names none.");
        });
        var command = new RootCommand("SessionWeb side by side with its peers, and what its sessions cost.")
        {
            rounds, seconds, steady, sessions, only, against,
        };
        command.Validators.Add(result =>
        {
            // Not parsed with GetValue, which throws where a part has an unknown name.
            if (result.GetResult(against) is null && result.GetResult(only)?.Tokens.Any(part => part.Value == Bench.AgainstPart) == true)
                result.AddError($"--only {Bench.AgainstPart} also takes --against REF.");
        });
        command.SetAction(result => run(new(
            result.GetValue(rounds), result.GetValue(seconds), result.GetValue(steady), result.GetValue(sessions), result.GetValue(only) ?? [],
            result.GetValue(against))));
        return command.Parse(args).Invoke();
    }

    private static Option<int> Count(string name, int usual, string what)
    {
        var option = new Option<int>(name) { Description = what, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() <= 0)
                result.AddError($"{name} takes a whole number above 0.");
        });
        return option;
    }
}
