using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace SessionWeb.Hosting;

/// <summary>
/// Formats one line per entry: UTC time, level, category, message. Control characters are written as <c>\uXXXX</c>, so
/// that no name or header can forge an entry or drive a terminal (ASVS 16.4.1).
/// </summary>
internal sealed class LineFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(
        in LogEntry<TState> entry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new StringBuilder(256)
            .Append(DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"))
            .Append(' ').Append(Level(entry.LogLevel))
            .Append(' ').Append(entry.Category)
            .Append(": ");
        AppendEscaped(line, entry.Formatter(entry.State, entry.Exception));
        if (entry.Exception is not null)
            AppendEscaped(line.Append(" | "), entry.Exception.ToString().ReplaceLineEndings(" | "));
        textWriter.WriteLine(line);
    }

    private static void AppendEscaped(StringBuilder line, string text)
    {
        foreach (var c in text)
        {
            if (IsInvisible(c))
                line.Append("\\u").Append(((int)c).ToString("x4"));
            else
                line.Append(c);
        }
    }

    // Format includes U+202E, after which terminals display text in reverse order.
    private static bool IsInvisible(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        LogLevel.Critical => "crit",
        _ => "debug",
    };
}
