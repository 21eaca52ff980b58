using System.Buffers.Text;
using System.Security.Cryptography;

namespace SessionWeb.Sessions;

/// <summary>
/// What to revoke. Applying the same request again changes nothing further if it has a handle, a generation or a claims
/// version.
/// </summary>
public sealed record RevocationRequest
{
    /// <summary>The revocation's id: 22 characters of base64url. Default: random.</summary>
    public string Id { get; init; } = NewId();

    /// <summary>The account whose sessions are revoked; null for all accounts.</summary>
    public AccountTag? Account { get; init; }

    /// <summary>The handle of the only session to revoke; null for all sessions of the account.</summary>
    public string? Handle { get; init; }

    /// <summary>The account of the session to keep, if there is one.</summary>
    public AccountTag? KeptAccount { get; init; }

    /// <summary>The handle of the session to keep, if there is one.</summary>
    public string? KeptHandle { get; init; }

    /// <summary>
    /// The account's new generation or, without <see cref="Account"/>, the new epoch. Sessions of lower ones end. Null
    /// if it is not chosen yet: the store takes the next one when it applies the revocation.
    /// </summary>
    public long? Generation { get; init; }

    /// <summary>
    /// The version to raise the account's claims to. Claims of lower versions become stale, and no session ends.
    /// </summary>
    public long? ClaimsVersion { get; init; }

    /// <summary>Why the sessions end. Default: revoked by an administrator.</summary>
    public SessionEnd End { get; init; } = new(SessionEndReasons.RevokedByAdmin);

    internal static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
