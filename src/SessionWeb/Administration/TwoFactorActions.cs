using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>Switches the second factor of accounts on and off.</summary>
internal sealed class TwoFactorActions(
    AccountChanges changes, OwnAccountChanges ownChanges, TwoFactorCodes codes, AuditLog audit, IdentityErrorDescriber errors, SessionEffects effects)
{
    /// <summary>Nothing was changed.</summary>
    private sealed class WrongCodeException : Exception;

    /// <summary>Switches the own second factor on, once the person's app shows codes of this key.</summary>
    /// <param name="key">Of the authenticator.</param>
    /// <param name="code">That the app shows just now.</param>
    /// <param name="recoveryCodes">What gets in where the app is lost.</param>
    /// <inheritdoc cref="OwnAccountChanges.MakeAsync"/>
    public async Task<OwnAccountChange> EnableAsync(
        string accountId, string currentPassword, string key, string code, IReadOnlyList<string> recoveryCodes, CancellationToken cancellationToken = default)
    {
        try
        {
            return await ownChanges.MakeAsync(accountId, currentPassword, "to turn on two-factor sign-in", account => Task.FromResult<(IdentityResult?, AccountChange?)>(
                account.TwoFactorEnabled ? (null, null) : (null, Change(accountId, true, null) with
                {
                    Alongside = async () =>
                    {
                        await codes.ReplaceAsync(accountId, key, recoveryCodes);
                        // In the same step as the key that it belongs to; it does not sign in afterwards.
                        if (await codes.FindAsync(accountId, code) is not { Step: not null } found || !await codes.UseAsync(accountId, found))
                            throw new WrongCodeException();
                    },
                })), cancellationToken);
        }
        catch (WrongCodeException)
        {
            await audit.WriteAsync(AccountChanges.Entry(AuditEvents.SignInRefused, await changes.Of(accountId).SingleAsync(cancellationToken), null) with
            {
                Reason = SignInRefusal.WrongCode.Word(), Details = "to turn on two-factor sign-in",
            });
            return new(IdentityResult.Failed(errors.InvalidToken()));
        }
    }

    /// <summary>Switches the own second factor off.</summary>
    /// <inheritdoc cref="OwnAccountChanges.MakeAsync"/>
    public Task<OwnAccountChange> DisableAsync(string accountId, string currentPassword, CancellationToken cancellationToken = default) =>
        ownChanges.MakeAsync(accountId, currentPassword, "to turn off two-factor sign-in", account => Task.FromResult<(IdentityResult?, AccountChange?)>(
            account.TwoFactorEnabled ? (null, Change(accountId, false, null)) : (null, null)), cancellationToken);

    /// <summary>Switches off the second factor of an account whose owner cannot, and signs it out everywhere.</summary>
    /// <returns>Null if there is no such account, or it has no second factor.</returns>
    public async Task<RevocationResult?> DisableForAsync(string accountId, string by, CancellationToken cancellationToken = default) =>
        (await changes.MakeAsync(Change(accountId, false, by), cancellationToken))?.Sessions;

    private AccountChange Change(string accountId, bool enabled, string? by)
    {
        var stamp = Guid.NewGuid().ToString();
        return new(accountId, enabled ? AuditEvents.TwoFactorEnabled : AuditEvents.TwoFactorDisabled, effects.TwoFactorChanged, new(SessionEndReasons.TwoFactorChanged, by))
        {
            OnlyIf = a => a.TwoFactorEnabled != enabled,
            Set = set => Set(set, enabled, stamp),
            Alongside = () => codes.ClearAsync(accountId),
        };
    }

    // The stamp ends sign-ins that are between their steps.
    private static UpdateSettersBuilder<Account> Set(UpdateSettersBuilder<Account> set, bool enabled, string stamp) =>
        set.SetProperty(a => a.TwoFactorEnabled, enabled).SetProperty(a => a.SecurityStamp, stamp);
}
