using System.Diagnostics;

namespace SessionWeb.Tests.Revoking;

[CollectionDefinition(nameof(CheckerTests), DisableParallelization = true)]
public sealed class AloneInTheEnd;

/// <summary>The checker of the guarantee, in its short version; <c>./bench.sh --torture MINUTES</c> is the long one.</summary>
[Collection(nameof(CheckerTests))]
public sealed class CheckerTests(ITestOutputHelper output)
{
    [Fact]
    public Task R38_Every_rule_of_the_protocol_holds_and_its_lack_would_be_noticed() => CheckAsync("gate: ok", "gate");

    [Fact]
    public Task R38_Nothing_that_was_acknowledged_fails_to_hold_whatever_happens_to_machines() => CheckAsync("torture: ok", "torture", "0.75");

    [Fact]
    public Task A01_Killing_a_process_leaves_no_action_half_done() => CheckAsync("kills: ok", "kills", "--stride", "16", "account-disable");

    [Fact]
    public Task A02_Pages_answer_pending_while_Redis_is_stopped() => CheckAsync("actions: ok", "actions", "own-logout");

    private async Task CheckAsync(string last, params string[] arguments)
    {
        var checker = typeof(CheckerTests).Assembly.Location.Replace("SessionWeb.Tests", "SessionWeb.Checker", StringComparison.Ordinal);
        using var process = Process.Start(new ProcessStartInfo("dotnet", [checker, .. arguments]) { RedirectStandardOutput = true })!;
        try
        {
            var said = new List<string>();
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                output.WriteLine(line);
                said.Add(line);
            }
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0 && said[^1] == last, string.Join('\n', said));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
