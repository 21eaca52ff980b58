using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace SessionWeb.Sessions.Http;

/// <summary>
/// Carries how a session ended to the page that tells it, in a cookie of ten minutes that is read once: the session's
/// own is gone by then. It is protected, so that nobody can put words into an administrator's mouth.
/// </summary>
internal sealed class SessionEndCookie(IDataProtectionProvider provider, SessionScheme scheme)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ITimeLimitedDataProtector _protector =
        provider.CreateProtector(scheme.Purposes("EndingNote")).ToTimeLimitedDataProtector();

    public void Append(HttpContext context, CookieAuthenticationOptions options, SessionEnd ending)
    {
        // The reason alone is in the address.
        if (ending is { By: null, Message: null, SignInAgain: false })
            return;
        var cookie = options.Cookie.Build(context);
        cookie.MaxAge = Lifetime;
        options.CookieManager.AppendResponseCookie(
            context, Name(options), _protector.Protect(JsonSerializer.Serialize(ending), Lifetime), cookie);
    }

    public SessionEnd? Read(HttpContext context, CookieAuthenticationOptions options)
    {
        if (options.CookieManager.GetRequestCookie(context, Name(options)) is not { Length: > 0 } note)
            return null;
        options.CookieManager.DeleteCookie(context, Name(options), options.Cookie.Build(context));
        try
        {
            return JsonSerializer.Deserialize<SessionEnd>(_protector.Unprotect(note));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string Name(CookieAuthenticationOptions options) => options.Cookie.Name + "-ended";
}
