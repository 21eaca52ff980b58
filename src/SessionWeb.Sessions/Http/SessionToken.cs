using System.Buffers.Text;
using System.Security.Cryptography;

namespace SessionWeb.Sessions.Http;

/// <summary>
/// The credential in the cookie: the account's tag and a secret of 256 random bits (ASVS 7.2.3). The store only
/// receives its <see cref="Key"/>.
/// </summary>
internal readonly struct SessionToken
{
    private const int SecretLength = 32;
    private const int ByteLength = AccountTag.ByteLength + SecretLength;
    private const int HandleByteLength = SessionKey.HandleLength * 3 / 4;

    // The account's tag and the secret. A renewed token also has the session's handle, which no longer follows from the
    // secret.
    private readonly byte[] _bytes;

    private SessionToken(byte[] bytes)
    {
        _bytes = bytes;
        var hash = Base64Url.EncodeToString(SHA256.HashData(bytes.AsSpan(AccountTag.ByteLength, SecretLength)));
        Key = new(
            new(Base64Url.EncodeToString(bytes.AsSpan(0, AccountTag.ByteLength))),
            bytes.Length == ByteLength
                ? hash
                : Base64Url.EncodeToString(bytes.AsSpan(ByteLength)) + hash[SessionKey.HandleLength..]);
    }

    public SessionKey Key { get; }

    public ReadOnlySpan<byte> Bytes => _bytes;

    public static SessionToken New(AccountTag account)
    {
        var bytes = new byte[ByteLength];
        Base64Url.DecodeFromChars(account.Value, bytes);
        RandomNumberGenerator.Fill(bytes.AsSpan(AccountTag.ByteLength));
        return new(bytes);
    }

    /// <summary>A token with a new secret for the same session. Account and handle stay the same.</summary>
    public static SessionToken Renew(SessionKey key)
    {
        var bytes = new byte[ByteLength + HandleByteLength];
        New(key.Account).Bytes.CopyTo(bytes);
        Base64Url.DecodeFromChars(key.Handle, bytes.AsSpan(ByteLength));
        return new(bytes);
    }

    public static bool TryParse(byte[] bytes, out SessionToken token)
    {
        var isToken = bytes.Length is ByteLength or ByteLength + HandleByteLength;
        token = isToken ? new(bytes) : default;
        return isToken;
    }
}
