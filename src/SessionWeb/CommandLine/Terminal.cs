using System.Text;
using SessionWeb.Security;

namespace SessionWeb.CommandLine;

/// <summary>The input and output of a command.</summary>
internal sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error, bool IsInteractive)
{
    public static Terminal ForProcess() => new(Console.In, Console.Out, Console.Error, !Console.IsInputRedirected);

    /// <summary>
    /// Reads a new password: prompts for it twice without echo, or reads the first line of standard input.
    /// </summary>
    /// <returns>Null if there is none, or if the two differ.</returns>
    public async Task<string?> ReadNewPasswordAsync(string userName)
    {
        if (!IsInteractive)
            return await In.ReadLineAsync();
        var first = await PromptAsync($"Password for {userName}: ");
        return await PromptAsync("Repeat the password: ") == first ? first : null;
    }

    private async Task<string> PromptAsync(string prompt)
    {
        await Error.WriteAsync(prompt);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length -= Math.Min(1, typed.Length);
            else if (key.KeyChar != '\0')
                typed.Append(key.KeyChar);
        }

        await Error.WriteLineAsync();
        return typed.ToString();
    }

    /// <summary>
    /// Writes rows as aligned columns. The first row is the header. Text from users cannot control the terminal.
    /// </summary>
    public async Task WriteTableAsync(IReadOnlyList<string[]> rows)
    {
        var clean = rows.Select(
            row => row.Select(cell => VisibleText.Clean(cell).Replace('\ufffd', '?')).ToArray()).ToList();
        var widths = clean[0].Select((_, i) => clean.Max(row => row[i].Length)).ToArray();
        foreach (var row in clean)
            await Out.WriteLineAsync(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }
}
