using System.Buffers;
using SessionWeb.Sessions.Http;

namespace SessionWeb.Sessions;

/// <summary>
/// A session as its store knows it. It is no credential: the secret in the cookie cannot be computed from it.
/// </summary>
/// <param name="Account">Whose session it is.</param>
/// <param name="Hash">
/// The SHA-256 of the session's secret, as 43 characters of base64url. When the session's id is renewed, the first 12
/// of them, its handle, stay as they were.
/// </param>
public readonly record struct SessionKey(AccountTag Account, string Hash)
{
    private static readonly SearchValues<char> Base64Url =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>How many characters a handle has.</summary>
    public const int HandleLength = 12;

    /// <summary>
    /// The session's public name: the first 12 characters (72 bits) of <see cref="Hash"/>. People and pages see only
    /// this.
    /// </summary>
    public string Handle => Hash[..HandleLength];

    /// <summary>What follows the handle in <see cref="Hash"/>.</summary>
    internal string Rest => Hash[HandleLength..];

    /// <summary>
    /// Whether it can be a key at all: of the lengths and characters that <see cref="SessionToken"/> makes.
    /// </summary>
    internal bool IsWellFormed => Account.Value.Length == 22 && Hash.Length == 43
        && !Account.Value.AsSpan().ContainsAnyExcept(Base64Url) && !Hash.AsSpan().ContainsAnyExcept(Base64Url);

    /// <summary>Whether a text could be a handle: 12 characters of base64url.</summary>
    public static bool IsHandle(string text) =>
        text.Length == HandleLength && !text.AsSpan().ContainsAnyExcept(Base64Url);
}
