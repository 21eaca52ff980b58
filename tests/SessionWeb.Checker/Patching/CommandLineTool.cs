namespace SessionWeb.Checker.Patching;

/// <summary>Runs a command-line tool to its end.</summary>
internal static class CommandLineTool
{
    /// <exception cref="InvalidOperationException">The tool failed; the message contains its output.</exception>
    public static async Task RunAsync(string file, params string[] arguments)
    {
        using var process = new ChildProcess(file, arguments);
        if (await process.WaitForExitAsync() is var code and not 0)
            throw new InvalidOperationException($"{file} exited with {code}: {process.Output.Trim()}");
    }
}
