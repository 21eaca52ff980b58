using System.Diagnostics;
using SessionWeb.Checker.Library;
using SessionWeb.Checker.Patching;

namespace SessionWeb.Checker.Gate;

/// <summary>
/// Runs each attack against the current library and against a mutant, which lacks the attacked rule. The attack must
/// fail against the current library and succeed against the mutant. Otherwise the attack detects nothing.
/// </summary>
internal sealed class GateCommand(PatchedLibraries libraries)
{
    private const int MaxControlAttempts = 2;

    /// <param name="chosen">The names of mutants; empty for all.</param>
    public static async Task<bool> RunAsync(IReadOnlyCollection<string> chosen)
    {
        var passed = EachMutantHasOneAttack();
        using var libraries = new PatchedLibraries();
        var attacks = Attack.All.Where(attack => chosen.Count == 0 || chosen.Contains(attack.Mutant)).ToList();
        foreach (var unknown in chosen.Except(attacks.Select(attack => attack.Mutant)))
        {
            Console.WriteLine($"{unknown}.patch is not a mutant");
            passed = false;
        }
        passed &= await new GateCommand(libraries).RunAsync(attacks);
        Console.WriteLine(passed ? "gate: ok" : "gate: FAILED");
        return passed;
    }

    private static bool EachMutantHasOneAttack()
    {
        var attacked = Attack.All.Select(attack => attack.Mutant).Append(PatchedLibraries.Delays).ToList();
        var wrong = LibrarySource.PatchNames.Except(attacked).Select(name => $"{name}.patch has no attack")
            .Concat(attacked.Except(LibrarySource.PatchNames).Select(name => $"{name}.patch is missing"))
            .Concat(attacked.CountBy(name => name).Where(pair => pair.Value > 1)
                .Select(pair => $"{pair.Key}.patch has {pair.Value} attacks"))
            .ToList();
        wrong.ForEach(Console.WriteLine);
        return wrong.Count == 0;
    }

    private async Task<bool> RunAsync(IReadOnlyList<Attack> attacks)
    {
        // Libraries are built while earlier attacks run.
        var groups = attacks
            .GroupBy(attack => (attack.LeaseMs, attack.DelayMs))
            .Select(group => (
                Control: group.Key.DelayMs == 0 ? null : libraries.BuildAsync([PatchedLibraries.Delays]),
                Attacks: group.Select(attack => (Attack: attack, Mutant: BuildMutantAsync(attack))).ToList()))
            .ToList();
        var passed = true;
        foreach (var (control, group) in groups)
        {
            try
            {
                using var program = control is null
                    ? NodeProgram.Unpatched
                    : NodeProgram.WithLibrary(await control, group[0].Attack.DelayMs);
                using var farm = await StartAsync(group[0].Attack, program);
                foreach (var (attack, mutant) in group)
                    passed &= await RunAsync(attack, farm, mutant);
            }
            catch (PatchedBuildException failure)
            {
                Console.WriteLine($"{PatchedLibraries.Delays,-20} NOT BUILT: {failure.Message}");
                passed = false;
            }
        }
        return passed;
    }

    private Task<string> BuildMutantAsync(Attack attack) =>
        libraries.BuildAsync(attack.DelayMs == 0 ? [attack.Mutant] : [PatchedLibraries.Delays, attack.Mutant]);

    private static async Task<bool> RunAsync(Attack attack, LibraryFarm control, Task<string> mutant)
    {
        var started = Stopwatch.GetTimestamp();
        var (passed, result) = await CompareAsync(attack, control, mutant);
        Console.WriteLine($"{attack.Mutant,-20} {result} ({Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s)");
        return passed;
    }

    private static async Task<(bool Passed, string Result)> CompareAsync(
        Attack attack, LibraryFarm control, Task<string> mutant)
    {
        if (await AttackAsync(attack, control, Math.Min(attack.MaxAttempts, MaxControlAttempts)) is { } violated)
            return (false, $"VIOLATION: the attack succeeded at attempt {violated} without the patch");
        string library;
        try
        {
            library = await mutant;
        }
        catch (PatchedBuildException failure)
        {
            return (false, $"NOT BUILT: {failure.Message}");
        }
        using var program = NodeProgram.WithLibrary(library, attack.DelayMs);
        using var farm = await StartAsync(attack, program);
        return await AttackAsync(attack, farm, attack.MaxAttempts) is { } caught
            ? (true, $"holds; mutant caught at attempt {caught}")
            : (false, $"NOT CAUGHT: the attack failed {attack.MaxAttempts} times against the mutant");
    }

    private static async Task<LibraryFarm> StartAsync(Attack attack, NodeProgram program)
    {
        // The timeout is long because attacks delay replies.
        var farm = await LibraryFarm.StartAsync(2, attack.LeaseMs, timeoutMs: 3000, program);
        await farm.SignInAsync();
        return farm;
    }

    /// <returns>The attempt that succeeded; null if none did.</returns>
    private static async Task<int?> AttackAsync(Attack attack, LibraryFarm farm, int attempts)
    {
        for (var attempt = 1; attempt <= attempts; attempt++)
        {
            if (await attack.RunAsync(farm))
                return attempt;
            await farm.RecoverAsync();
        }
        return null;
    }
}
