using System.Buffers.Text;
using System.Security.Cryptography;

namespace SessionWeb.Sessions;

/// <summary>
/// The credential in the cookie: whose session it is, and a secret of 256 random bits (ASVS 7.2.3). Only its <see cref="Key"/> goes to the store.
/// </summary>
internal readonly struct SessionToken
{
    private const int SecretLength = 32;
    private const int ByteLength = AccountTag.ByteLength + SecretLength;

    private readonly byte[] _bytes;

    private SessionToken(byte[] bytes)
    {
        _bytes = bytes;
        Key = new(
            new(Base64Url.EncodeToString(bytes.AsSpan(0, AccountTag.ByteLength))),
            Base64Url.EncodeToString(SHA256.HashData(bytes.AsSpan(AccountTag.ByteLength))));
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

    public static bool TryParse(byte[] bytes, out SessionToken token)
    {
        token = bytes.Length == ByteLength ? new(bytes) : default;
        return bytes.Length == ByteLength;
    }
}
