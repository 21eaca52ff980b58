using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>Resets the password and the second factor of an account whose user cannot.</summary>
internal sealed class CredentialActions(
    AccountChanges changes, NewPassword passwords, TwoFactorCodes codes, SessionEffects effects)
{
    /// <summary>Sets a new password, unlocks the account, and signs it out everywhere.</summary>
    public async Task<AccountResult> ResetPasswordAsync(
        string accountId, string newPassword, string by, string? message = null,
        CancellationToken cancellationToken = default)
    {
        var account = await changes.Of(accountId).SingleOrDefaultAsync(cancellationToken);
        if (account is null)
            return AccountResult.NoAccount;
        if (await passwords.ValidateAsync(account, newPassword) is { } refused)
            return new(refused);
        var hash = await passwords.HashAsync(account, newPassword, cancellationToken);
        await using var change = await changes.BeginAsync(
            accountId, effects.PasswordReset, cancellationToken: cancellationToken);
        if (change is null)
            return AccountResult.NoAccount;
        await change.UpdateAsync(set => NewPassword.Set(set, hash), cancellationToken);
        return new(await change.CommitAsync(
            AuditEvents.PasswordReset, new(SessionEndReasons.PasswordChanged, by, message),
            cancellationToken: cancellationToken));
    }

    /// <summary>Disables two-factor sign-in, and signs the account out everywhere.</summary>
    /// <returns>Null if there is no such account, or if its two-factor sign-in is disabled.</returns>
    public async Task<RevocationResult?> DisableTwoFactorAsync(
        string accountId, string by, CancellationToken cancellationToken = default)
    {
        await using var change = await changes.BeginAsync(
            accountId, effects.TwoFactorChanged, cancellationToken: cancellationToken);
        if (change is not { Account.TwoFactorEnabled: true })
            return null;
        await change.UpdateAsync(set => TwoFactorCodes.SetEnabled(set, false), cancellationToken);
        await codes.ClearAsync(accountId);
        return await change.CommitAsync(
            AuditEvents.TwoFactorDisabled, new(SessionEndReasons.TwoFactorChanged, by),
            cancellationToken: cancellationToken);
    }
}
