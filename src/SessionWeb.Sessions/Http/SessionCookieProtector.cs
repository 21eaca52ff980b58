using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using SessionWeb.Sessions.DataProtection;

namespace SessionWeb.Sessions.Http;

/// <summary>
/// Converts tokens to cookie values and back. A value that no node created, or that is encoded differently, never
/// reaches the store.
/// </summary>
internal sealed class SessionCookieProtector(IDataProtectionProvider provider, SessionScheme scheme, KeyRing keys)
{
    // A protected token has about 184 characters. A much longer value is refused without decryption.
    private const int MaxLength = 512;

    // A protected payload starts with this number and the id of its key.
    private const uint Magic = 0x09F0C9F0;
    private const int MagicLength = 4;
    private const int KeyIdLength = 16;

    private readonly IDataProtector _protector = provider.CreateProtector(scheme.Purposes("Cookie"));

    public string Protect(SessionToken token) => Base64Url.EncodeToString(_protector.Protect(token.Bytes.ToArray()));

    /// <returns>Null if no node created the value.</returns>
    /// <exception cref="SessionStoreUnavailableException">The key ring cannot be read.</exception>
    public async ValueTask<SessionToken?> UnprotectAsync(string cookie, CancellationToken cancellationToken)
    {
        if (Decode(cookie) is not { } payload || !await keys.HasAsync(KeyId(payload), cancellationToken))
            return null;
        try
        {
            return SessionToken.TryParse(_protector.Unprotect(payload), out var token) ? token : null;
        }
        catch (CryptographicException refused) when (!SessionStoreUnavailableException.IsCauseOf(refused))
        {
            return null;
        }
    }

    /// <summary>
    /// The payload of a value in its only accepted encoding: base64url without padding, white space or unused bits.
    /// </summary>
    private static byte[]? Decode(string cookie)
    {
        if (cookie.Length > MaxLength || !Base64Url.IsValid(cookie))
            return null;
        var payload = Base64Url.DecodeFromChars(cookie);
        return payload.Length >= MagicLength + KeyIdLength && BinaryPrimitives.ReadUInt32BigEndian(payload) == Magic
            && Base64Url.EncodeToString(payload) == cookie
            ? payload
            : null;
    }

    private static Guid KeyId(byte[] payload) => new(payload.AsSpan(MagicLength, KeyIdLength));
}
