using Microsoft.AspNetCore.Identity;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>The result of a change that may be refused.</summary>
/// <param name="Result">Whether the account was changed, or the errors.</param>
/// <param name="Sessions">The revocation that the change caused. Null if it caused none.</param>
internal sealed record AccountResult(IdentityResult Result, RevocationResult? Sessions = null)
{
    public static readonly AccountResult Unchanged = new(IdentityResult.Success);

    public static readonly AccountResult NoAccount = new(IdentityResult.Failed(AccountErrors.NoAccount));

    public static readonly AccountResult LastAdministrator = new(
        IdentityResult.Failed(AccountErrors.LastAdministrator));

    public AccountResult(RevocationResult sessions) : this(IdentityResult.Success, sessions)
    {
    }

    /// <summary>The message of the first error. Null if the account was changed.</summary>
    public string? Error => Result.Errors.FirstOrDefault()?.Description;
}
