using System.CommandLine;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Hosting;
using SessionWeb.Sessions;

namespace SessionWeb.CommandLine;

/// <summary>
/// Administration without a browser: <c>accounts …</c> and <c>sessions …</c>. Settings (<c>--Key=value</c>) are read by
/// the host.
/// </summary>
internal static class CommandRunner
{
    /// <summary>Whether the arguments name a command. Otherwise the server runs.</summary>
    public static bool IsCommand(string[] args) =>
        WithoutSettings(args) is [var first, ..]
        && (first is "--help" or "-h" or "-?" or "--version" || !first.StartsWith('-') && !first.StartsWith('/'));

    /// <returns>The exit code: 0, or 1 after one line on standard error that states the error.</returns>
    public static async Task<int> RunAsync(string[] args, IServiceProvider services, Terminal? terminal = null)
    {
        terminal ??= Terminal.ForProcess();
        var root = new RootCommand("SessionWeb. Without a command, it runs the server.");
        root.Subcommands.Add(AccountCommands.Build(services, terminal));
        root.Subcommands.Add(SessionCommands.Build(services, terminal));
        // No response files: "@name" is a name here, not a file of arguments.
        var parsed = root.Parse(WithoutSettings(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
        try
        {
            if (parsed.UnmatchedTokens is [var unknown, ..])
                throw new CommandException($"Unknown argument '{unknown}'. See --help.");
            if (parsed.Errors.Count > 0)
                throw new CommandException($"{parsed.Errors[0].Message.TrimEnd('.')}. See --help.");
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
            });
        }
        catch (Exception e) when (MessageOf(e) is { } message)
        {
            await terminal.Error.WriteLineAsync(message);
            return 1;
        }
    }

    /// <summary>Sets the action of a command, which runs in its own scope on a prepared database.</summary>
    public static void SetAction<TService>(
        this Command command, IServiceProvider services, Func<TService, ParseResult, CancellationToken, Task> action)
        where TService : notnull =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await services.PrepareAccountsDatabaseAsync();
            await using var scope = services.CreateAsyncScope();
            await action(scope.ServiceProvider.GetRequiredService<TService>(), parsed, cancellationToken);
            return 0;
        });

    private static string? MessageOf(Exception failure) => failure switch
    {
        CommandException or StartupException => failure.Message,
        SessionStoreUnavailableException => "The session store is unavailable. Nothing has changed. Try again later.",
        DbException or DbUpdateException => $"The database is unavailable: {failure.GetBaseException().Message}",
        _ => null,
    };

    private static string[] WithoutSettings(string[] args) => [.. args.Where(a => !a.Contains('='))];
}
