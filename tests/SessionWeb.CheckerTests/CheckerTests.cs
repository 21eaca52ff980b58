namespace SessionWeb.CheckerTests;

/// <summary>Short runs of the checker. <c>./bench.sh --torture MINUTES</c> runs all of it.</summary>
public sealed class CheckerTests(ITestOutputHelper output)
{
    [Fact]
    public Task R38_Acknowledged_revocations_survive_random_faults() => RunAsync("torture: ok", "torture", "0.75");

    [Fact]
    public Task A01_Killed_process_leaves_no_partial_action() =>
        RunAsync("kills: ok", "kills", "--stride", "16", "account-disable");

    [Fact]
    public Task A02_Pages_report_pending_while_Redis_is_stopped() => RunAsync("actions: ok", "actions", "own-logout");

    private Task RunAsync(string lastLine, params string[] arguments) =>
        CheckerRun.PassesAsync(output, lastLine, arguments);
}
