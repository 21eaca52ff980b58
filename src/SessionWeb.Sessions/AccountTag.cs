using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SessionWeb.Sessions;

/// <summary>
/// The name under which stores keep an account's sessions: 128 bits of the SHA-256 of the account's id, as 22
/// characters of base64url. It tells nothing of the account where ids are random, as ASP.NET Core Identity's are.
/// </summary>
/// <param name="Value">The tag's text.</param>
public readonly record struct AccountTag(string Value)
{
    internal const int ByteLength = 16;

    /// <summary>The tag of the account with this id.</summary>
    public static AccountTag For(string accountId)
    {
        ArgumentException.ThrowIfNullOrEmpty(accountId);
        return new(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(accountId)).AsSpan(0, ByteLength)));
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
