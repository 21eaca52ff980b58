using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions;

namespace SessionWeb.Hosting;

/// <summary>Reports an error that prevents startup as one line on standard error, with exit code 1.</summary>
internal static partial class StartupErrors
{
    public static async Task<int> ReportAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception failure) when (MessageOf(failure) is { } message)
        {
            await Console.Error.WriteLineAsync(message);
            return 1;
        }
    }

    private static string? MessageOf(Exception failure) => failure switch
    {
        StartupException or UnsupportedStoreException or OptionsValidationException => failure.Message,
        InvalidOperationException when ConversionFailure().Match(failure.Message) is { Success: true } match =>
            $"{match.Groups["setting"]} must be {Accepted(match.Groups["type"].Value)}, "
            + $"but was '{match.Groups["value"]}'.",
        IOException { InnerException: AddressInUseException } => $"Urls: {failure.Message}",
        SocketException => $"Urls must be addresses that the server can listen on: {failure.Message}",
        _ => null,
    };

    private static string Accepted(string type) => type switch
    {
        "System.TimeSpan" => "a duration such as 00:30:00 (days.hours:minutes:seconds)",
        "System.Int32" => "a whole number",
        "System.Boolean" => "true or false",
        _ when (Type.GetType(type) ?? Type.GetType($"{type}, SessionWeb.Sessions")) is { IsEnum: true } choices =>
            string.Join(" or ", Enum.GetNames(choices)),
        _ => $"a value of type {type}",
    };

    // The message of the configuration binder for a value that it cannot convert.
    [GeneratedRegex(
        "^Failed to convert configuration value '(?<value>.*)' at '(?<setting>[^']+)' to type '(?<type>[^']+)'",
        RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ConversionFailure();
}
