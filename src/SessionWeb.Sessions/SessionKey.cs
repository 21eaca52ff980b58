using System.Buffers;

namespace SessionWeb.Sessions;

/// <summary>
/// Addresses a session in its store. It is not a credential: the secret in the cookie cannot be derived from it.
/// </summary>
/// <param name="Account">The session's account.</param>
/// <param name="Hash">
/// The SHA-256 of the session id, as 43 characters of base64url. When the id is renewed, the first 12, the handle, stay
/// the same, and the others are those of the new id's hash.
/// </param>
public readonly record struct SessionKey(AccountTag Account, string Hash)
{
    private static readonly SearchValues<char> Base64Url =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The length of a handle, in characters.</summary>
    public const int HandleLength = 12;

    /// <summary>The session's public id: the first 12 characters (72 bits) of <see cref="Hash"/>.</summary>
    public string Handle => Hash[..HandleLength];

    /// <summary>The part of <see cref="Hash"/> after the handle.</summary>
    internal string Rest => Hash[HandleLength..];

    /// <summary>Whether lengths and characters are those of a key.</summary>
    internal bool IsWellFormed => Account.Value.Length == 22 && Hash.Length == 43
        && !Account.Value.AsSpan().ContainsAnyExcept(Base64Url) && !Hash.AsSpan().ContainsAnyExcept(Base64Url);

    /// <summary>Whether a text has the form of a handle: 12 characters of base64url.</summary>
    public static bool IsHandle(string text) =>
        text.Length == HandleLength && !text.AsSpan().ContainsAnyExcept(Base64Url);
}
