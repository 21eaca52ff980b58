using System.Diagnostics;

namespace SessionWeb.Checker.Patching;

/// <summary>Runs a command-line tool to its end.</summary>
internal static class CommandLineTool
{
    /// <exception cref="InvalidOperationException">The tool failed; the message contains its output.</exception>
    public static async Task RunAsync(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"{file} exited with {process.ExitCode}: {(await output + await errors).Trim()}");
    }
}
