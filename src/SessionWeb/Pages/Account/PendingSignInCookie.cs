using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using SessionWeb.Accounts;
using SessionWeb.Security;

namespace SessionWeb.Pages.Account;

/// <summary>
/// Holds a sign-in between the password and the code, for five minutes. The cookie is encrypted. It is not a session:
/// only the second step reads it.
/// </summary>
internal sealed class PendingSignInCookie(IDataProtectionProvider provider, IHostEnvironment environment)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector _protector =
        provider.CreateProtector("SessionWeb.PendingSignIn", "v1").ToTimeLimitedDataProtector();

    private readonly CookieBuilder _cookie =
        SecurityDefaults.Harden(new CookieBuilder(), "signing-in", !environment.IsDevelopment());

    public void Append(HttpContext context, PendingSignIn pending) => context.Response.Cookies.Append(
        _cookie.Name!, _protector.Protect(JsonSerializer.Serialize(pending), Lifetime), Options(context, Lifetime));

    /// <returns>Null if the cookie is missing, expired or invalid.</returns>
    public PendingSignIn? Find(HttpContext context)
    {
        try
        {
            return context.Request.Cookies[_cookie.Name!] is { Length: > 0 } value
                ? JsonSerializer.Deserialize<PendingSignIn>(_protector.Unprotect(value))
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Remove(HttpContext context) => context.Response.Cookies.Delete(_cookie.Name!, Options(context, null));

    private CookieOptions Options(HttpContext context, TimeSpan? lifetime)
    {
        var options = _cookie.Build(context);
        options.MaxAge = lifetime;
        return options;
    }
}
