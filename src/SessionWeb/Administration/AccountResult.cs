using Microsoft.AspNetCore.Identity;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>The result of a change that may be refused.</summary>
/// <param name="Result">Whether the account was changed, or why not.</param>
/// <param name="Sessions">The revocation that the change caused; null if it caused none.</param>
internal sealed record AccountResult(IdentityResult Result, RevocationResult? Sessions = null)
{
    public static readonly AccountResult Unchanged = new(IdentityResult.Success);

    /// <param name="changed">Null means that there is no such account.</param>
    public static AccountResult Of(AccountChanged? changed) => changed is null
        ? new(IdentityResult.Failed(AccountChanges.NoAccount))
        : new(IdentityResult.Success, changed.Sessions);
}

/// <summary>The result of deleting an account.</summary>
/// <param name="Deleted">False if another administrator enabled the account in between: it exists, and is enabled.</param>
/// <param name="Sessions">The revocation of the account's sessions.</param>
internal sealed record AccountDeletion(bool Deleted, RevocationResult Sessions);
