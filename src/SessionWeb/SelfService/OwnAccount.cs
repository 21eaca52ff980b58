using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Revocations;

namespace SessionWeb.SelfService;

/// <summary>
/// The steps that all changes of a user's own account share: check the current password, begin, commit.
/// </summary>
/// <remarks>
/// A change that ends sessions also ends the current one, so that no session survives the change even if this process
/// stops. The caller then begins a new session with the check.
/// </remarks>
internal sealed class OwnAccount(SignIn signIn, AccountChanges changes, IdentityErrorDescriber errors)
{
    /// <summary>The current password is wrong.</summary>
    public OwnAccountChange WrongPassword => new(IdentityResult.Failed(errors.PasswordMismatch()));

    /// <summary>The account was changed after the password was checked.</summary>
    public OwnAccountChange Conflict => new(IdentityResult.Failed(errors.ConcurrencyFailure()));

    /// <summary>Checks the current password. A wrong one counts as a failed sign-in.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="currentPassword">The current password.</param>
    /// <param name="purpose">For the audit log, if the password is wrong: "to change …".</param>
    /// <param name="cancellationToken">Cancels the operation before the password is checked.</param>
    public async Task<SignInCheck> CheckPasswordAsync(
        string accountId, string currentPassword, string purpose, CancellationToken cancellationToken)
    {
        var userName = await changes.Of(accountId).Select(a => a.UserName).SingleOrDefaultAsync(cancellationToken);
        return await signIn.CheckAsync(userName ?? "", currentPassword, purpose, cancellationToken);
    }

    /// <returns>Null if the account was changed after the check.</returns>
    public Task<AccountChange?> BeginAsync(
        SignInCheck check, SessionEffect effect, CancellationToken cancellationToken) =>
        changes.BeginAsync(check.Account!.Id, effect, check.Generation, cancellationToken);

    /// <inheritdoc cref="AccountChange.CommitAsync"/>
    public static async Task<OwnAccountChange> CommitAsync(
        AccountChange change, SignInCheck check, string @event, string reason, string? details = null,
        CancellationToken cancellationToken = default)
    {
        var sessions = await change.CommitAsync(
            @event, new(reason), details, isOwn: true, cancellationToken: cancellationToken);
        check.Account!.Generation = change.Account.Generation;
        var others = Math.Max(0, sessions.Ended - (change.EndsSessions ? 1 : 0));
        return new(IdentityResult.Success, check)
        {
            EndsSessions = change.EndsSessions,
            Sessions = sessions with { Ended = others },
        };
    }
}
