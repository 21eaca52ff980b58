using SessionWeb.Checker.Library;

namespace SessionWeb.Checker.Gate;

/// <summary>An attack on one rule of the protocol.</summary>
/// <param name="Mutant">The patch that removes the rule. Without the rule, the attack must succeed.</param>
/// <param name="RunAsync">Runs the attack and returns whether it succeeded.</param>
/// <param name="MaxAttempts">How often the attack runs at most. Attacks on races do not succeed each time.</param>
/// <param name="DelayMs">The longest delay between steps whose order matters. It widens the race window.</param>
/// <param name="LeaseMs">The length of leases.</param>
internal sealed record Attack(
    string Mutant, Func<LibraryFarm, Task<bool>> RunAsync, int MaxAttempts, int DelayMs = 0, int LeaseMs = 1000)
{
    public static IReadOnlyList<Attack> All { get; } =
        [.. LeaseAttacks.All, .. DataLossAttacks.All, .. RaceAttacks.All];
}
