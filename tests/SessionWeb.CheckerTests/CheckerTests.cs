namespace SessionWeb.CheckerTests;

/// <summary>The checker of the guarantee, in its short version; <c>./bench.sh --torture MINUTES</c> is the long one.</summary>
public sealed class CheckerTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

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
        using var checker = ChildProcess.Dotnet(Repository.AssemblyOf("tests", "SessionWeb.Checker"), arguments);
        var code = await checker.ExitAsync(Deadline);
        output.WriteLine(checker.Output);
        Assert.True(code == 0 && checker.Lines.Last() == last, checker.Output);
    }
}
