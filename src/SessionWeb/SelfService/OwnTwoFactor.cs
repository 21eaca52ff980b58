using Microsoft.AspNetCore.Identity;
using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.SelfService;

/// <summary>Enables and disables two-factor sign-in of the user's own account.</summary>
internal sealed class OwnTwoFactor(
    OwnAccount own, TwoFactorCodes codes, AuditLog audit, IdentityErrorDescriber errors, SessionEffects effects)
{
    private const string EnablePurpose = "to turn on two-factor sign-in";
    private const string DisablePurpose = "to turn off two-factor sign-in";

    /// <summary>Enables two-factor sign-in if the code proves that the authenticator app has the key.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="currentPassword">The current password.</param>
    /// <param name="key">The authenticator's key.</param>
    /// <param name="code">A current code of the authenticator. It is used up: it does not sign in afterwards.</param>
    /// <param name="recoveryCodes">The new recovery codes.</param>
    /// <param name="cancellationToken">Cancels the change.</param>
    public async Task<OwnAccountChange> EnableAsync(
        string accountId, string currentPassword, string key, string code, IReadOnlyList<string> recoveryCodes,
        CancellationToken cancellationToken = default)
    {
        var check = await own.CheckPasswordAsync(accountId, currentPassword, EnablePurpose, cancellationToken);
        if (!check.Succeeded)
            return own.WrongPassword;
        if (check.Account.TwoFactorEnabled)
            return OwnAccountChange.Unchanged;
        await using (var change = await own.BeginAsync(check, effects.TwoFactorChanged, cancellationToken))
        {
            if (change is not { Account.TwoFactorEnabled: false })
                return own.Conflict;
            await change.UpdateAsync(set => TwoFactorCodes.SetEnabled(set, true), cancellationToken);
            await codes.ReplaceAsync(accountId, key, recoveryCodes);
            if (await codes.FindAsync(accountId, code) is { Step: not null } found
                && await codes.UseAsync(accountId, found))
            {
                return await OwnAccount.CommitAsync(
                    change, check, AuditEvents.TwoFactorEnabled, SessionEndReasons.TwoFactorChanged,
                    cancellationToken: cancellationToken);
            }
        }
        // The change is rolled back.
        await audit.WriteAsync(AccountChanges.Entry(AuditEvents.SignInRefused, check.Account, null) with
        {
            Reason = SignInRefusal.WrongCode.Code(),
            Details = EnablePurpose,
        });
        return new(IdentityResult.Failed(errors.InvalidToken()));
    }

    public async Task<OwnAccountChange> DisableAsync(
        string accountId, string currentPassword, CancellationToken cancellationToken = default)
    {
        var check = await own.CheckPasswordAsync(accountId, currentPassword, DisablePurpose, cancellationToken);
        if (!check.Succeeded)
            return own.WrongPassword;
        if (!check.Account.TwoFactorEnabled)
            return OwnAccountChange.Unchanged;
        await using var change = await own.BeginAsync(check, effects.TwoFactorChanged, cancellationToken);
        if (change is not { Account.TwoFactorEnabled: true })
            return own.Conflict;
        await change.UpdateAsync(set => TwoFactorCodes.SetEnabled(set, false), cancellationToken);
        await codes.ClearAsync(accountId);
        return await OwnAccount.CommitAsync(
            change, check, AuditEvents.TwoFactorDisabled, SessionEndReasons.TwoFactorChanged,
            cancellationToken: cancellationToken);
    }
}
