using System.Globalization;

namespace SessionWeb.Testing;

/// <summary>Cookies by name only. Every node receives them, regardless of port and scheme.</summary>
public sealed class CookieJar
{
    private readonly Dictionary<string, string> _cookies = [];
    private readonly List<string> _received = [];

    /// <summary>Every Set-Cookie header that was received.</summary>
    public IReadOnlyList<string> Received => _received;

    public IReadOnlyDictionary<string, string> Cookies => _cookies;

    public string Header => string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));

    /// <summary>The session cookie: <c>sid</c>, or <c>__Host-sid</c> over https; null when signed out.</summary>
    public string? Session => _cookies.GetValueOrDefault("__Host-sid") ?? _cookies.GetValueOrDefault("sid");

    public CookieJar Copy()
    {
        var copy = new CookieJar();
        foreach (var (name, value) in _cookies)
            copy.Set(name, value);
        return copy;
    }

    public void Set(string name, string value) => _cookies[name] = value;

    public void Remove(string name) => _cookies.Remove(name);

    public void Keep(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var cookies))
            return;
        cookies = [.. cookies];
        _received.AddRange(cookies);
        foreach (var parts in cookies.Select(cookie => cookie.Split(';', StringSplitOptions.TrimEntries)))
        {
            var (name, value) = Pair(parts[0]);
            if (parts.Skip(1).Select(Pair).Any(IsExpired))
                Remove(name);
            else
                Set(name, value);
        }
    }

    private static bool IsExpired((string Name, string Value) attribute) => attribute.Name.ToUpperInvariant() switch
    {
        "MAX-AGE" => int.Parse(attribute.Value, CultureInfo.InvariantCulture) <= 0,
        "EXPIRES" => DateTimeOffset.Parse(attribute.Value, CultureInfo.InvariantCulture) <= DateTimeOffset.UtcNow,
        _ => false,
    };

    private static (string Name, string Value) Pair(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, "");
}
