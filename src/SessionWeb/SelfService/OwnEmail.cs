using Microsoft.AspNetCore.Identity;
using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.SelfService;

/// <summary>Changes the email address of the user's own account.</summary>
internal sealed class OwnEmail(OwnAccount own, UserManager<Account> accounts, SessionEffects effects)
{
    public async Task<OwnAccountChange> ChangeAsync(
        string accountId, string currentPassword, string? email, CancellationToken cancellationToken = default)
    {
        var check = await own.CheckPasswordAsync(
            accountId, currentPassword, "to change the email address", cancellationToken);
        if (!check.Succeeded)
            return own.WrongPassword;
        if (!EmailAddress.IsValid(email))
            return new(IdentityResult.Failed(accounts.ErrorDescriber.InvalidEmail(email)));
        if (check.Account.Email == email)
            return OwnAccountChange.Unchanged;
        await using var change = await own.BeginAsync(check, effects.EmailChanged, cancellationToken);
        if (change is null)
            return own.Conflict;
        var details = EmailAddress.DescribeChange(change.Account.Email, email);
        await change.UpdateAsync(
            set => EmailAddress.Set(set, email, accounts.NormalizeEmail(email)), cancellationToken);
        return await OwnAccount.CommitAsync(
            change, check, AuditEvents.EmailChanged, SessionEndReasons.AccountChanged, details, cancellationToken);
    }
}
