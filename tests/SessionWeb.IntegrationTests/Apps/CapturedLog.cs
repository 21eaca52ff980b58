using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SessionWeb.IntegrationTests.Apps;

/// <summary>Stores the log messages of an app.</summary>
internal sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text, Exception? Exception)> _lines = new();

    public IEnumerable<string> Warnings =>
        _lines.Where(line => line.Level == LogLevel.Warning)
            .Select(line => $"{line.Text} {line.Exception?.Message}".TrimEnd());

    public ILogger CreateLogger(string categoryName) => new Logger(_lines);

    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<(LogLevel, string, Exception?)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel level, EventId id, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((level, formatter(state, exception), exception));
    }
}
