using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace SessionWeb.Sessions.Cookies;

/// <summary>Turns tokens into cookie values and back. A value that no node of the farm made never gets as far as the store.</summary>
internal sealed class SessionCookieProtector(IDataProtectionProvider provider)
{
    // A protected token has 184 characters or so; whatever is much longer need not be decrypted to be refused.
    private const int MaxLength = 512;

    private readonly IDataProtector _protector = provider.CreateProtector("SessionWeb.Sessions", "Cookie", "v1");

    public string Protect(SessionToken token) => Base64Url.EncodeToString(_protector.Protect(token.Bytes.ToArray()));

    /// <exception cref="SessionStoreUnavailableException">The key ring could not be read.</exception>
    public bool TryUnprotect(string cookie, out SessionToken token)
    {
        token = default;
        if (cookie.Length > MaxLength || !Base64Url.IsValid(cookie))
            return false;
        try
        {
            return SessionToken.TryParse(_protector.Unprotect(Base64Url.DecodeFromChars(cookie)), out token);
        }
        catch (CryptographicException refused) when (!SessionStoreUnavailableException.IsCauseOf(refused))
        {
            return false;
        }
    }
}
