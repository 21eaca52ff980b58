using SessionWeb.Checker.App;
using SessionWeb.Testing.Proxying;

namespace SessionWeb.Checker.Actions;

/// <summary>Actions of the command line. Each runs in a separate process behind a separate proxy.</summary>
internal static class CommandLineActions
{
    public static IReadOnlyList<AppAction> All { get; } =
    [
        Command("accounts disable") with { AllowsSignIn = false },
        Command("accounts enable") with { PrepareAsync = AdminActions.DisableAsync },
        Command("accounts reset-password", account => account.Password = TestAccount.NewPassword),
        Command("accounts disable-two-factor") with { PrepareAsync = AdminActions.EnableTwoFactorAsync },
        Command("sessions revoke"),
        Command("sessions revoke", revokesAll: true),
    ];

    private static AppAction Command(
        string words, Func<TestAccount, string>? input = null, bool revokesAll = false) =>
        new(
            $"command-{words.Replace(' ', '-')}{(revokesAll ? "-all" : "")}",
            (farm, _, account, faults) => RunAsync(
                farm, [.. words.Split(' '), revokesAll ? "--all" : account.Name, .. farm.Settings],
                input?.Invoke(account) ?? "", faults))
        {
            RunsAsCommand = true,
        };

    private static async Task<ActionReply> RunAsync(
        AppFarm farm, IEnumerable<string> arguments, string input, FaultInjector faults)
    {
        using var proxy = new RedisProxy(farm.Redis.Port);
        ChildProcess? process = null;
        faults.OnStarting(proxy, () => process!.Kill());
        try
        {
            process = new(
                "dotnet", [AppNode.Program, .. arguments, $"--ConnectionStrings:Redis=127.0.0.1:{proxy.Port}"],
                input: $"{input}\n");
            await process.WaitForExitAsync();
            faults.OnAnswered();
            var text = process.StandardOutput.ReplaceLineEndings(" ").Trim();
            return new(process.ExitCode == 0 ? ActionForms.OutcomeOf(text) : RevocationOutcome.Unknown, text);
        }
        finally
        {
            process?.Dispose();
        }
    }
}
