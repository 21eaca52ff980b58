using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>
/// Changes the user name and email address of an account. Only administrators change a user name: users sign in with
/// it, and the audit log names accounts by it.
/// </summary>
internal sealed class ProfileActions(
    AppDbContext database, AccountChanges changes, UserManager<Account> accounts, SessionEffects effects)
{
    /// <summary>Renames the account. The former name becomes available.</summary>
    public async Task<AccountResult> RenameAsync(
        string accountId, string userName, string by, CancellationToken cancellationToken = default)
    {
        if (await changes.Of(accountId).SingleOrDefaultAsync(cancellationToken) is not { } account)
            return AccountResult.NoAccount;
        if (account.UserName == userName)
            return AccountResult.Unchanged;
        account.UserName = userName;
        foreach (var validator in accounts.UserValidators)
        {
            if (await validator.ValidateAsync(accounts, account) is { Succeeded: false } refused)
                return new(refused);
        }

        await using var change = await changes.BeginAsync(
            accountId, effects.NameChanged, cancellationToken: cancellationToken);
        if (change is null)
            return AccountResult.NoAccount;
        // Checked again in the transaction: two accounts may be given the same name at the same time.
        var normalized = accounts.NormalizeName(userName);
        if (await database.Users.AnyAsync(
            other => other.NormalizedUserName == normalized && other.Id != accountId, cancellationToken))
        {
            return new(IdentityResult.Failed(accounts.ErrorDescriber.DuplicateUserName(userName)));
        }

        var details = $"{change.Account.UserName} → {userName}";
        await change.UpdateAsync(
            set => set.SetProperty(a => a.UserName, userName).SetProperty(a => a.NormalizedUserName, normalized),
            cancellationToken);
        return new(await change.CommitAsync(
            AuditEvents.NameChanged, new(SessionEndReasons.AccountChanged, by), details,
            cancellationToken: cancellationToken));
    }

    /// <summary>Sets or removes the email address of the account.</summary>
    public async Task<AccountResult> SetEmailAsync(
        string accountId, string? email, string by, CancellationToken cancellationToken = default)
    {
        if (!EmailAddress.IsValid(email))
            return new(IdentityResult.Failed(accounts.ErrorDescriber.InvalidEmail(email)));
        await using var change = await changes.BeginAsync(
            accountId, effects.EmailChanged, cancellationToken: cancellationToken);
        if (change is null)
            return AccountResult.NoAccount;
        if (change.Account.Email == email)
            return AccountResult.Unchanged;
        var details = EmailAddress.DescribeChange(change.Account.Email, email);
        await change.UpdateAsync(
            set => EmailAddress.Set(set, email, accounts.NormalizeEmail(email)), cancellationToken);
        return new(await change.CommitAsync(
            AuditEvents.EmailChanged, new(SessionEndReasons.AccountChanged, by), details,
            cancellationToken: cancellationToken));
    }
}
