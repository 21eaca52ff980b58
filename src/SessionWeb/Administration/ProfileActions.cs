using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>
/// An account's name and e-mail address. The name is what one signs in with and what the audit log calls people by, so only an
/// administrator changes it; addresses people change themselves, too. Several accounts may have one address.
/// </summary>
internal sealed class ProfileActions(AppDbContext database, AccountChanges changes, OwnAccountChanges ownChanges, UserManager<Account> accounts, SessionEffects effects)
{
    public const int MaxEmailLength = EmailAddress.MaxLength;

    /// <summary>Gives the account another name; whose it was is free then.</summary>
    public async Task<AccountResult> RenameAsync(string accountId, string userName, string by, CancellationToken cancellationToken = default)
    {
        if (await changes.Of(accountId).SingleOrDefaultAsync(cancellationToken) is not { } account)
            return new(IdentityResult.Failed(AccountChanges.NoAccount));
        if (account.UserName == userName)
            return AccountResult.Unchanged;
        account.UserName = userName;
        foreach (var validator in accounts.UserValidators)
            if (await validator.ValidateAsync(accounts, account) is { Succeeded: false } refused)
                return new(refused);
        var normalized = accounts.NormalizeName(userName);
        var changed = await changes.MakeAsync(
            new(accountId, AuditEvents.NameChanged, effects.NameChanged, new(SessionEndReasons.AccountChanged, by))
            {
                // Once more, in the step that changes it: two may want the same name at once.
                OnlyIf = a => !database.Users.Any(other => other.NormalizedUserName == normalized && other.Id != accountId),
                Set = set => set.SetProperty(a => a.UserName, userName).SetProperty(a => a.NormalizedUserName, normalized),
                Details = before => $"{before.UserName} → {userName}",
            },
            cancellationToken);
        return changed is null && await changes.Of(accountId).AnyAsync(cancellationToken)
            ? new(IdentityResult.Failed(accounts.ErrorDescriber.DuplicateUserName(userName)))
            : AccountResult.Of(changed);
    }

    /// <summary>Gives the account another e-mail address, or none.</summary>
    public async Task<AccountResult> SetEmailAsync(string accountId, string? email, string by, CancellationToken cancellationToken = default)
    {
        if (RefusalOf(email) is { } refused)
            return new(refused);
        if (await changes.Of(accountId).AnyAsync(a => a.Email == email, cancellationToken))
            return AccountResult.Unchanged;
        return AccountResult.Of(await changes.MakeAsync(EmailChange(accountId, email, by), cancellationToken));
    }

    /// <summary>Changes the account's own address.</summary>
    /// <inheritdoc cref="OwnAccountChanges.MakeAsync"/>
    public Task<OwnAccountChange> ChangeEmailAsync(string accountId, string currentPassword, string? email, CancellationToken cancellationToken = default) =>
        ownChanges.MakeAsync(accountId, currentPassword, "to change the email address", account => Task.FromResult(
            RefusalOf(email) is { } refused ? (refused, null)
            : account.Email == email ? (null, null)
            : ((IdentityResult?)null, (AccountChange?)EmailChange(accountId, email, null))), cancellationToken);

    private AccountChange EmailChange(string accountId, string? email, string? by) =>
        new(accountId, AuditEvents.EmailChanged, effects.EmailChanged, new(SessionEndReasons.AccountChanged, by))
        {
            Set = set => SetEmail(set, email, accounts.NormalizeEmail(email)),
            Details = before => $"{before.Email ?? "–"} → {email ?? "–"}",
        };

    private IdentityResult? RefusalOf(string? email) =>
        EmailAddress.IsValid(email) ? null : IdentityResult.Failed(accounts.ErrorDescriber.InvalidEmail(email));

    private static UpdateSettersBuilder<Account> SetEmail(UpdateSettersBuilder<Account> set, string? email, string? normalized) =>
        set.SetProperty(a => a.Email, email).SetProperty(a => a.NormalizedEmail, normalized).SetProperty(a => a.EmailConfirmed, false);
}
