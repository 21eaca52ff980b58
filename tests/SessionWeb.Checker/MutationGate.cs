using System.Diagnostics;

namespace SessionWeb.Checker;

/// <summary>Each attack must fail while all rules hold, and succeed without its rule; else the attack is blind.</summary>
internal static class MutationGate
{
    private const int ControlTries = 2;

    public static async Task<bool> RunAsync(IReadOnlyCollection<string> chosen)
    {
        var good = true;
        var attacks = Attacks.All.Where(attack => chosen.Count == 0 || chosen.Contains(attack.Rule)).ToList();
        foreach (var alike in attacks.GroupBy(attack => (attack.LeaseMs, attack.DawdleMs)))
        {
            using var sound = await SceneAsync(alike.First(), broken: null);
            foreach (var attack in alike)
            {
                var started = Stopwatch.GetTimestamp();
                var violated = await TryAsync(attack, sound, Math.Min(attack.Tries, ControlTries));
                using var broken = await SceneAsync(attack, attack.Rule);
                var caught = await TryAsync(attack, broken, attack.Tries);
                good &= violated is null && caught is not null;
                var verdict = violated is not null ? $"VIOLATED at try {violated} though every rule holds"
                    : caught is null ? $"BLIND: not caught in {attack.Tries} tries without the rule"
                    : $"holds; without the rule caught at try {caught}";
                Console.WriteLine($"{attack.Rule,-20} {verdict} ({Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s)");
            }
        }
        Console.WriteLine(good ? "gate: ok" : "gate: FAILED");
        return good;
    }

    private static async Task<Scene> SceneAsync(Attack attack, string? broken)
    {
        // Patient with Redis: what is late here is so on purpose.
        var scene = await Scene.StartAsync(2, attack.LeaseMs, timeoutMs: 3000, attack.DawdleMs, broken);
        await scene.SignInAsync();
        return scene;
    }

    /// <returns>At which try the attack succeeded; null if it never did.</returns>
    private static async Task<int?> TryAsync(Attack attack, Scene scene, int tries)
    {
        for (var i = 1; i <= tries; i++)
        {
            if (await attack.RunAsync(scene))
                return i;
            await scene.HealAsync();
        }
        return null;
    }
}
