using System.Buffers;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;

namespace SessionWeb.Sessions.Http;

/// <summary>
/// Over https, the cookie's name gets the prefix with which browsers refuse it from other hosts and without TLS (RFC
/// 6265bis §4.1.3.2). Over plain http, browsers would reject such a cookie, so it has no prefix.
/// </summary>
internal sealed class HostPrefixedCookies(ICookieManager inner) : ICookieManager
{
    private const string Prefix = "__Host-";

    private static readonly SearchValues<char> Unusual = SearchValues.Create("\",%\\");

    private volatile Tuple<string, string>? _latest;

    public string? GetRequestCookie(HttpContext context, string key)
    {
        var name = Name(context, key);
        return inner is ChunkingCookieManager && TryFind(context, name, out var value)
            ? value.ToString()
            : inner.GetRequestCookie(context, name);
    }

    /// <summary>
    /// The cookie's value in the request's header, without a copy; empty if <see cref="GetRequestCookie"/> must decide.
    /// </summary>
    public ReadOnlySpan<char> FindInHeader(HttpContext context, string key) =>
        inner is ChunkingCookieManager && TryFind(context, Name(context, key), out var value) ? value : default;

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        inner.AppendResponseCookie(context, Name(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
        inner.DeleteCookie(context, Name(context, key), options);

    // Does not parse all cookies, which most requests do not need. False if anything is unusual: then the stock cookie
    // manager decides.
    private static bool TryFind(HttpContext context, string name, out ReadOnlySpan<char> value)
    {
        value = default;
        if (context.Request.Headers.Cookie is not [{ } header] || header.AsSpan().ContainsAny(Unusual))
            return false;
        var isFound = false;
        foreach (var range in header.AsSpan().Split(';'))
        {
            var cookie = header.AsSpan(range).Trim(' ');
            if (cookie.Length <= name.Length || cookie[name.Length] != '='
                || !cookie.StartsWith(name, StringComparison.Ordinal))
            {
                continue;
            }

            if (isFound || cookie[(name.Length + 1)..].StartsWith("chunks", StringComparison.Ordinal))
                return false;
            isFound = true;
            value = cookie[(name.Length + 1)..];
        }
        return isFound;
    }

    // The key is nearly always the same, so its name is cached.
    private string Name(HttpContext context, string key)
    {
        if (!context.Request.IsHttps)
            return key;
        if (_latest is not { } latest || latest.Item1 != key)
            _latest = latest = new(key, Prefix + key);
        return latest.Item2;
    }
}
