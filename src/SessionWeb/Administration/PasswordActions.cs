using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>New passwords: set by somebody else, or changed by the person.</summary>
internal sealed class PasswordActions(
    AccountChanges changes, OwnAccountChanges ownChanges, UserManager<Account> accounts, IPasswordHasher<Account> hasher, PasswordHashQueue queue, SessionEffects effects)
{
    /// <summary>Gives the account another password, unlocks it, and signs it out everywhere.</summary>
    public async Task<AccountResult> ResetAsync(
        string accountId, string newPassword, string by, string? message = null, CancellationToken cancellationToken = default)
    {
        var account = await changes.Of(accountId).SingleOrDefaultAsync(cancellationToken);
        if (account is null)
            return new(IdentityResult.Failed(AccountChanges.NoAccount));
        if (await RefusalOfAsync(account, newPassword) is { } refused)
            return new(refused);
        var hash = await queue.RunAsync(() => hasher.HashPassword(account, newPassword), cancellationToken);
        return AccountResult.Of(await changes.MakeAsync(
            new(accountId, AuditEvents.PasswordReset, effects.PasswordReset, new(SessionEndReasons.PasswordChanged, by, message)) { Set = set => SetPassword(set, hash) },
            cancellationToken));
    }

    /// <summary>Changes the account's own password.</summary>
    /// <inheritdoc cref="OwnAccountChanges.MakeAsync"/>
    public Task<OwnAccountChange> ChangeAsync(string accountId, string currentPassword, string newPassword, CancellationToken cancellationToken = default) =>
        ownChanges.MakeAsync(accountId, currentPassword, "to change the password", async account =>
        {
            if (await RefusalOfAsync(account, newPassword) is { } refused)
                return (refused, null);
            var hash = await queue.RunAsync(() => hasher.HashPassword(account, newPassword), cancellationToken);
            return (null, new(accountId, AuditEvents.PasswordChanged, effects.PasswordChanged, new(SessionEndReasons.PasswordChanged)) { Set = set => SetPassword(set, hash) });
        }, cancellationToken);

    private async Task<IdentityResult?> RefusalOfAsync(Account account, string password)
    {
        foreach (var validator in accounts.PasswordValidators)
            if (await validator.ValidateAsync(accounts, account, password) is { Succeeded: false } refused)
                return refused;
        return null;
    }

    private static UpdateSettersBuilder<Account> SetPassword(UpdateSettersBuilder<Account> set, string hash)
    {
        var stamp = Guid.NewGuid().ToString();
        return set
            .SetProperty(a => a.PasswordHash, hash)
            .SetProperty(a => a.IsDemo, false)
            .SetProperty(a => a.SecurityStamp, stamp)
            .SetProperty(a => a.AccessFailedCount, 0)
            .SetProperty(a => a.LockoutEnd, (DateTimeOffset?)null);
    }
}
