using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace SessionWeb.Sessions.Http;

/// <summary>
/// Carries how a session ended to the page that shows it, in a cookie that is valid for ten minutes and read once. It
/// is protected, so that a client cannot forge an administrator's message.
/// </summary>
internal sealed class SessionEndCookie(IDataProtectionProvider provider, SessionScheme scheme)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ITimeLimitedDataProtector _protector =
        provider.CreateProtector(scheme.Purposes("EndingNote")).ToTimeLimitedDataProtector();

    public void Append(HttpContext context, CookieAuthenticationOptions options, SessionEnd end)
    {
        // The reason alone is in the URL.
        if (end is { By: null, Message: null, SignInAgain: false })
            return;
        var cookie = options.Cookie.Build(context);
        cookie.MaxAge = Lifetime;
        options.CookieManager.AppendResponseCookie(
            context, Name(options), _protector.Protect(JsonSerializer.Serialize(end), Lifetime), cookie);
    }

    public SessionEnd? Read(HttpContext context, CookieAuthenticationOptions options)
    {
        if (options.CookieManager.GetRequestCookie(context, Name(options)) is not { Length: > 0 } value)
            return null;
        options.CookieManager.DeleteCookie(context, Name(options), options.Cookie.Build(context));
        try
        {
            return JsonSerializer.Deserialize<SessionEnd>(_protector.Unprotect(value));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string Name(CookieAuthenticationOptions options) => options.Cookie.Name + "-ended";
}
