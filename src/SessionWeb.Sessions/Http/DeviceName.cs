using System.Text.RegularExpressions;

namespace SessionWeb.Sessions.Http;

/// <summary>Derives a device name such as "Firefox on Windows" from a User-Agent header (RFC 9110 §10.1.5).</summary>
internal static partial class DeviceName
{
    public const int MaxLength = 100;

    // In this order, because most browsers also name the ones that they derive from.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Vivaldi/", "Vivaldi"), ("SamsungBrowser/", "Samsung Internet"),
        ("DuckDuckGo/", "DuckDuckGo"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"),
        ("HeadlessChrome/", "Chrome"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
        ("Macintosh", "macOS"), ("Linux", "Linux"), ("X11", "Unix"),
    ];

    public static string FromUserAgent(string userAgent)
    {
        if (userAgent.Length > 1024)
            userAgent = userAgent[..1024];
        var browser = Find(Browsers, userAgent);
        var system = Find(Systems, userAgent);
        return (browser, system) switch
        {
            ({ } b, { } s) => $"{b} on {s}",
            ({ } b, null) => b,
            (null, { } s) => $"Browser on {s}",
            _ => Product().Match(userAgent) is { Success: true } product ? product.Value : "Unknown device",
        };
    }

    private static string? Find((string Mark, string Name)[] known, string userAgent)
    {
        foreach (var (mark, name) in known)
        {
            if (userAgent.Contains(mark, StringComparison.Ordinal))
                return name;
        }

        return null;
    }

    // For programs such as curl/8.5.0, the first product, in plain characters.
    [GeneratedRegex(
        @"^[A-Za-z0-9._-]{1,40}(/[A-Za-z0-9._-]{1,20})?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Product();
}
