using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SessionWeb.Sessions;

/// <summary>
/// A hash of the account's id, which names the account in stores: 128 bits of its SHA-256, as 22 characters of
/// base64url. It reveals nothing about the account if ids are random, as those of ASP.NET Core Identity are.
/// </summary>
/// <param name="Value">The tag's text.</param>
public readonly record struct AccountTag(string Value)
{
    internal const int ByteLength = 16;

    /// <summary>The tag of an account.</summary>
    /// <param name="accountId">The account's id; not empty.</param>
    /// <exception cref="ArgumentException">The id is null or empty.</exception>
    public static AccountTag For(string accountId)
    {
        ArgumentException.ThrowIfNullOrEmpty(accountId);
        return new(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(accountId)).AsSpan(0, ByteLength)));
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
