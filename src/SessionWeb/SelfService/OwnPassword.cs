using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.SelfService;

/// <summary>Changes the password of the user's own account.</summary>
internal sealed class OwnPassword(OwnAccount own, NewPassword passwords, SessionEffects effects)
{
    public async Task<OwnAccountChange> ChangeAsync(
        string accountId, string currentPassword, string newPassword, CancellationToken cancellationToken = default)
    {
        var check = await own.CheckPasswordAsync(
            accountId, currentPassword, "to change the password", cancellationToken);
        if (!check.Succeeded)
            return own.WrongPassword;
        if (await passwords.ValidateAsync(check.Account, newPassword) is { } refused)
            return new(refused);
        var hash = await passwords.HashAsync(check.Account, newPassword, cancellationToken);
        await using var change = await own.BeginAsync(check, effects.PasswordChanged, cancellationToken);
        if (change is null)
            return own.Conflict;
        await change.UpdateAsync(set => NewPassword.Set(set, hash), cancellationToken);
        return await OwnAccount.CommitAsync(
            change, check, AuditEvents.PasswordChanged, SessionEndReasons.PasswordChanged,
            cancellationToken: cancellationToken);
    }
}
