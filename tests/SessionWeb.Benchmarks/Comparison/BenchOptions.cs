using System.CommandLine;

namespace SessionWeb.Benchmarks.Comparison;

/// <summary>What <c>bench.sh</c> was asked for.</summary>
/// <param name="Rounds">How often each server of the contest has its turn.</param>
/// <param name="Seconds">How long a turn is.</param>
/// <param name="Steady">How long the steady load is, in seconds. The default is the time in which each session is noted as used once.</param>
/// <param name="Sessions">How many sessions Redis is filled with.</param>
/// <param name="Only">The parts to run; none means all.</param>
internal sealed record BenchOptions(int Rounds, int Seconds, int Steady, int Sessions, IReadOnlyCollection<string> Only)
{
    public static int Parse(string[] args, IEnumerable<string> parts, Func<BenchOptions, Task<int>> run)
    {
        var rounds = Count("--rounds", 5, "how often each server of the contest has its turn");
        var seconds = Count("--seconds", 6, "how long a turn is");
        var steady = Count("--steady", 90, "how many seconds of steady load Redis' operations are counted in");
        var sessions = Count("--sessions", 1_000_000, "how many sessions Redis is filled with");
        var only = new Option<string[]>("--only") { Description = "the parts to run", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([.. parts]);
        var command = new RootCommand("SessionWeb side by side with its peers, and what its sessions cost.") { rounds, seconds, steady, sessions, only };
        command.SetAction(result => run(new(
            result.GetValue(rounds), result.GetValue(seconds), result.GetValue(steady), result.GetValue(sessions), result.GetValue(only) ?? [])));
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
