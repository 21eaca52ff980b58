using Microsoft.Extensions.Logging.Console;

namespace SessionWeb.Hosting;

internal static class LineLogging
{
    /// <summary>Logs to the console only, one line per entry.</summary>
    public static void AddLineLogging(this WebApplicationBuilder builder) => builder.Logging
        .ClearProviders()
        .AddConsole(options => options.FormatterName = LineFormatter.FormatterName)
        .AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();

    /// <summary>
    /// Logs only warnings and errors, to standard error. A command writes its result to standard output.
    /// </summary>
    public static void LogOnlyWarnings(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<ConsoleLoggerOptions>(
            options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.PostConfigure<LoggerFilterOptions>(options =>
        {
            options.MinLevel = LogLevel.Warning;
            options.Rules.Clear();
        });
    }
}
