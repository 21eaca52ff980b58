using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>
/// The result of checking credentials. A refusal must look the same to the client whatever its reason: the account, the
/// lock and the reason are for logs only.
/// </summary>
internal sealed record SignInCheck
{
    [MemberNotNullWhen(true, nameof(Account), nameof(Principal))]
    public bool Succeeded => Principal is not null;

    /// <summary>The account with the name, if there is one.</summary>
    public Account? Account { get; init; }

    /// <summary>The account's generation, read before the password was verified.</summary>
    public long Generation => Account?.Generation ?? 0;

    /// <summary>The account's claims version, read before the principal was created.</summary>
    public long ClaimsVersion => Account?.ClaimsVersion ?? 0;

    public ClaimsPrincipal? Principal { get; init; }

    /// <summary>Whether this attempt locked the account.</summary>
    public bool Locked { get; init; }

    /// <summary>Whether signing in also requires a code.</summary>
    public bool NeedsCode => Account?.TwoFactorEnabled == true;

    /// <summary>The reason of a refusal.</summary>
    public SignInRefusal? Refusal { get; init; }
}
