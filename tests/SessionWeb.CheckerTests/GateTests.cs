namespace SessionWeb.CheckerTests;

/// <summary>The checker's gate. It runs while <see cref="CheckerTests"/> run.</summary>
public sealed class GateTests(ITestOutputHelper output)
{
    [Fact]
    public Task R38_Gate_passes_and_detects_every_removed_rule() =>
        CheckerRun.PassesAsync(output, "gate: ok", "gate");
}
