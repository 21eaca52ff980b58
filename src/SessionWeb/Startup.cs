using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;
using SessionWeb.Sessions;

namespace SessionWeb;

/// <summary>Turns what stops a start into one sentence on standard error and exit code 1.</summary>
internal static partial class Startup
{
    public static async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception failure) when (Sentence(failure) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
    }

    public static Task<int> GuardAsync(Func<Task> run) => GuardAsync(async () =>
    {
        await run();
        return 0;
    });

    // For this machine alone, unless a setting says otherwise.
    private const string DefaultUrls = "http://localhost:5080";

    /// <summary>
    /// The settings that were built with the app, where it is started from a folder that has none; and where to listen, below every other
    /// source, so that ASPNETCORE_URLS counts as <c>--urls</c> does.
    /// </summary>
    public static void AddOwnDefaults(this ConfigurationManager configuration)
    {
        var own = new JsonConfigurationSource { Path = Path.Combine(AppContext.BaseDirectory, "appsettings.json"), Optional = true };
        own.ResolveFileProvider();
        configuration.Sources.Insert(0, own);
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Urls", DefaultUrls)] });
    }

    private static string? Sentence(Exception failure) => failure switch
    {
        StartupException or UnsupportedStoreException => failure.Message,
        OptionsValidationException => failure.Message,
        InvalidOperationException when Unreadable().Match(failure.Message) is { Success: true } match =>
            $"{match.Groups["setting"]} is '{match.Groups["value"]}'; it takes {Accepted(match.Groups["type"].Value)}.",
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } => $"Urls: {failure.Message}",
        SocketException => $"Urls: the address cannot be listened on: {failure.Message}",
        _ => null,
    };

    private static string Accepted(string type) => type switch
    {
        "System.TimeSpan" => "a duration such as 00:30:00 (days.hours:minutes:seconds)",
        "System.Int32" => "a whole number",
        "System.Boolean" => "true or false",
        _ when (Type.GetType(type) ?? Type.GetType($"{type}, SessionWeb.Sessions")) is { IsEnum: true } choices => string.Join(" or ", Enum.GetNames(choices)),
        _ => $"a value of type {type}",
    };

    // The configuration binder's words for a value that it cannot convert.
    [GeneratedRegex("^Failed to convert configuration value '(?<value>.*)' at '(?<setting>[^']+)' to type '(?<type>[^']+)'")]
    private static partial Regex Unreadable();
}
