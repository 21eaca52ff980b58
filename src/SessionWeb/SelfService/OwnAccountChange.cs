using Microsoft.AspNetCore.Identity;
using SessionWeb.Accounts;
using SessionWeb.Sessions;

namespace SessionWeb.SelfService;

/// <summary>The result of a change that users make to their own account.</summary>
/// <param name="Result">Whether it succeeded, or the errors.</param>
/// <param name="Check">
/// If the account was changed, the check with which to begin a new session, in case the change ended all sessions. Null
/// if nothing was changed.
/// </param>
internal sealed record OwnAccountChange(IdentityResult Result, SignInCheck? Check = null)
{
    public static readonly OwnAccountChange Unchanged = new(IdentityResult.Success);

    public bool IsChanged => Check is not null;

    /// <summary>Whether the change ended all sessions, the current one included.</summary>
    public bool EndsSessions { get; init; }

    /// <summary>
    /// The revocation that the change caused. <see cref="RevocationResult.Ended"/> does not count the current session.
    /// </summary>
    public RevocationResult Sessions { get; init; } = RevocationResult.None;
}
