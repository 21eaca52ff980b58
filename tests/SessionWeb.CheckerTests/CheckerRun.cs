namespace SessionWeb.CheckerTests;

/// <summary>Runs the checker as a process.</summary>
internal static class CheckerRun
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    /// <summary>Passes if the checker exits with 0 and this last line.</summary>
    public static async Task PassesAsync(ITestOutputHelper output, string lastLine, params string[] arguments)
    {
        using var checker = ChildProcess.Dotnet(Repository.AssemblyOf("tests", "SessionWeb.Checker"), arguments);
        var exitCode = await checker.WaitForExitAsync(Deadline);
        output.WriteLine(checker.Output);
        Assert.True(exitCode == 0 && checker.Lines.Last() == lastLine, checker.Output);
    }
}
