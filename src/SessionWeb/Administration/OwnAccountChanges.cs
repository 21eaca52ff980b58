using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>What became of something that a person wanted to change of the own account.</summary>
/// <param name="Result">Whether it was changed, or why not.</param>
/// <param name="Check">Where it was changed: with what to begin a new session, if the change ends sessions.</param>
/// <param name="Change">What was changed; null if nothing was.</param>
internal sealed record OwnAccountChange(IdentityResult Result, SignInCheck? Check = null, AccountChange? Change = null)
{
    /// <summary>The revocation that the change caused. It ends the current session too, which <see cref="RevocationResult.Ended"/> does not count.</summary>
    public RevocationResult Sessions { get; init; } = RevocationResult.None;
}

/// <summary>What people change of their own accounts, always with the current password; wrong guesses at it count as failed sign-ins.</summary>
internal sealed class OwnAccountChanges(SignIn signIn, AccountChanges changes, IdentityErrorDescriber errors)
{
    /// <param name="purpose">For the audit log, where the password is wrong: "to change …".</param>
    /// <param name="plan">What to change, given the account; an error refuses it.</param>
    /// <remarks>
    /// A change that ends sessions ends the current one with them, so that none outlives the change, whatever happens next. The caller then
    /// begins a new session with the check.
    /// </remarks>
    public async Task<OwnAccountChange> MakeAsync(
        string accountId, string currentPassword, string purpose, Func<Account, Task<(IdentityResult? Refused, AccountChange? Change)>> plan,
        CancellationToken cancellationToken)
    {
        var userName = await changes.Of(accountId).Select(a => a.UserName).SingleOrDefaultAsync(cancellationToken);
        var check = await signIn.CheckAsync(userName ?? "", currentPassword, purpose, cancellationToken);
        if (!check.Succeeded)
            return new(IdentityResult.Failed(errors.PasswordMismatch()));
        var (refused, change) = await plan(check.Account);
        if (change is null)
            return new(refused ?? IdentityResult.Success);
        change = change with { IsOwn = true, OnlyAtGeneration = check.Generation };
        if (await changes.MakeAsync(change, cancellationToken) is not { } changed)
            return new(IdentityResult.Failed(errors.ConcurrencyFailure()));
        check.Account.Generation = changed.Account.Generation;
        var ended = changed.Sessions.Ended - (change.EndsSessions ? 1 : 0);
        return new(IdentityResult.Success, check, change) { Sessions = changed.Sessions with { Ended = Math.Max(0, ended) } };
    }
}
