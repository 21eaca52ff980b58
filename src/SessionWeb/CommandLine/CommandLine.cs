using System.CommandLine;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Console;
using SessionWeb.Accounts;
using SessionWeb.Sessions;

namespace SessionWeb.CommandLine;

/// <summary>
/// Administration without a browser: <c>accounts …</c> and <c>sessions …</c>. Settings (<c>--Key=value</c>) among the words are the host's.
/// </summary>
internal static class CommandLine
{
    /// <summary>Who acts, as people read it where a session ended.</summary>
    public const string Actor = "command line";

    /// <summary>Whether the arguments ask for a command, rather than for the server to run.</summary>
    public static bool IsCommand(string[] args) =>
        Words(args) is [var first, ..] && (first is "--help" or "-h" or "-?" or "--version" || !first.StartsWith('-') && !first.StartsWith('/'));

    /// <summary>Leaves standard output to the command: only warnings are logged, to standard error.</summary>
    public static void LogQuietly(WebApplicationBuilder builder)
    {
        builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.PostConfigure<LoggerFilterOptions>(options =>
        {
            options.MinLevel = LogLevel.Warning;
            options.Rules.Clear();
        });
    }

    /// <returns>The exit code: 0, or 1 after one line on standard error that says what is wrong.</returns>
    public static async Task<int> RunAsync(string[] args, IServiceProvider services, Terminal? terminal = null)
    {
        terminal ??= Terminal.OfProcess();
        var root = new RootCommand("SessionWeb: without a command it runs the server.");
        root.Subcommands.Add(AccountCommands.Build(services, terminal));
        root.Subcommands.Add(SessionCommands.Build(services, terminal));
        // Without response files: "@name" is a name here, not a file of words.
        var parsed = root.Parse(Words(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
        try
        {
            if (parsed.UnmatchedTokens is [var unknown, ..])
                throw new CommandException($"There is no '{unknown}' here (--help tells what there is).");
            if (parsed.Errors.Count > 0)
                throw new CommandException($"{parsed.Errors[0].Message.TrimEnd('.')} (--help tells what there is).");
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (Sentence(e) is { } sentence)
        {
            await terminal.Error.WriteLineAsync(sentence);
            return 1;
        }
    }

    /// <summary>Runs one command's action in a scope of its own, on a database that is ready.</summary>
    public static void Does<TService>(this Command command, IServiceProvider services, Func<TService, ParseResult, CancellationToken, Task> act)
        where TService : notnull =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await services.PrepareAccountsDatabaseAsync();
            await using var scope = services.CreateAsyncScope();
            await act(scope.ServiceProvider.GetRequiredService<TService>(), parsed, cancellationToken);
            return 0;
        });

    private static string? Sentence(Exception failure) => failure switch
    {
        CommandException or StartupException => failure.Message,
        SessionStoreUnavailableException => "The session store is unavailable. Nothing was changed; try again later.",
        DbException or DbUpdateException => $"The database cannot be used: {failure.GetBaseException().Message}",
        _ => null,
    };

    private static string[] Words(string[] args) => [.. args.Where(a => !a.Contains('='))];
}

/// <summary>Why a command cannot be done, in one sentence.</summary>
internal sealed class CommandException(string message) : Exception(message);
