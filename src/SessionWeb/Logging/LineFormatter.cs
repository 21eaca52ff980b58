using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace SessionWeb.Logging;

/// <summary>
/// One line per entry: UTC time, level, category, message. Control characters are written as <c>\uXXXX</c>, so that no name or header can
/// forge an entry or drive a terminal (ASVS 16.4.1).
/// </summary>
internal sealed class LineFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new StringBuilder(256)
            .Append(DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"))
            .Append(' ').Append(Level(entry.LogLevel))
            .Append(' ').Append(entry.Category)
            .Append(": ");
        Append(line, entry.Formatter(entry.State, entry.Exception));
        if (entry.Exception is not null)
            Append(line.Append(" | "), entry.Exception.ToString().ReplaceLineEndings(" | "));
        textWriter.WriteLine(line);
    }

    private static void Append(StringBuilder line, string text)
    {
        foreach (var c in text)
            if (IsUnseen(c))
                line.Append("\\u").Append(((int)c).ToString("x4"));
            else
                line.Append(c);
    }

    // Controls and line ends; and formatting such as U+202E, after which terminals show text backwards.
    private static bool IsUnseen(char c) => char.GetUnicodeCategory(c) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        LogLevel.Critical => "crit",
        _ => "debug",
    };
}

internal static class LoggingSetup
{
    public static void AddLogLines(this WebApplicationBuilder builder) => builder.Logging
        .ClearProviders()
        .AddConsole(options => options.FormatterName = LineFormatter.FormatterName)
        .AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
}
