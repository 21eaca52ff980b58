using SessionWeb.Checker.App;

namespace SessionWeb.Checker.Actions;

/// <summary>What the command line does, in a process of its own behind its own proxy.</summary>
internal static class CommandActions
{
    public static IReadOnlyList<AppAction> All { get; } =
    [
        Command("accounts disable") with { AllowsSignIn = false },
        Command("accounts enable") with { PrepareAsync = AdminActions.DisableAsync },
        Command("accounts reset-password", subject => subject.Password = Subject.NextPassword),
        Command("accounts disable-two-factor") with { PrepareAsync = AdminActions.RequireCodeAsync },
        Command("sessions revoke"),
        Command("sessions revoke", everyone: true),
    ];

    private static AppAction Command(string words, Func<Subject, string>? input = null, bool everyone = false) => new(
        $"command-{words.Replace(' ', '-')}{(everyone ? "-all" : "")}",
        (scene, _, subject, interference) => RunAsync(
            scene, [.. words.Split(' '), everyone ? "--all" : subject.Name, .. scene.Settings],
            input?.Invoke(subject) ?? "", interference))
    {
        IsCommand = true,
    };

    private static async Task<Said> RunAsync(
        AppScene scene, IEnumerable<string> arguments, string input, Interference interference)
    {
        using var proxy = new Proxy(scene.Redis.Port);
        ServerProcess? process = null;
        interference.Begin(proxy, () => process!.Kill());
        try
        {
            process = new("dotnet", [AppNode.App, .. arguments, $"--ConnectionStrings:Redis=127.0.0.1:{proxy.Port}"])
            {
                Input = input,
            };
            await process.ExitAsync();
            interference.End();
            // Its log on standard error is not its answer.
            var text = string.Join(' ', process.Output).Trim();
            return new(process.ExitCode == 0 ? Forms.OutcomeOf(text) : Outcome.Unknown, text);
        }
        finally
        {
            process?.Dispose();
        }
    }
}
