using Microsoft.AspNetCore.Mvc;
using SessionWeb.Data;
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Admin;

/// <summary>The POST handlers of the account page.</summary>
internal sealed partial class AccountModel
{
    public Task<IActionResult> OnPostDisableAsync() => RunAsync(async () =>
    {
        DateTimeOffset? until = Input.Until is { } time ? new(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : null;
        if (until <= clock.GetUtcNow())
        {
            return await RejectAsync(
                "Input.Until", "This time is in the past. Enter a later time (UTC), or leave the field empty.");
        }

        var disabled = await actions.DisableAsync(Id, AdministratorName, until, Message);
        var untilText = until is { } end ? $" until {end:yyyy-MM-dd HH:mm} UTC" : "";
        return disabled.Error is { } error
            ? Failed(error)
            : Succeeded($"{Account.UserName} is disabled{untilText}{RevocationText.WithCount(disabled.Sessions)}");
    }, ownAccountError: "You cannot disable your own account.");

    public Task<IActionResult> OnPostEnableAsync() => RunAsync(async () =>
        await actions.EnableAsync(Id) is { Result.Succeeded: true } enabled
            ? Succeeded($"{Account.UserName} is enabled.{RevocationText.Appended(enabled.Sessions)}")
            : NotFound());

    public Task<IActionResult> OnPostGrantAdminAsync() => RunAsync(async () =>
    {
        var granted = await actions.GrantRoleAsync(Id, Roles.Admin, AdministratorName);
        return granted.Error is { } error
            ? Failed(error)
            : Succeeded($"{Account.UserName} is now an administrator.{RevocationText.Appended(granted.Sessions)}");
    });

    public Task<IActionResult> OnPostTakeAdminAsync() => RunAsync(async () =>
    {
        var removed = await actions.RemoveRoleAsync(Id, Roles.Admin, AdministratorName);
        return removed.Error is { } error
            ? Failed(error)
            : Succeeded(
                $"{Account.UserName} is no longer an administrator.{RevocationText.Appended(removed.Sessions)}");
    }, ownAccountError: "You cannot remove the administrator role from your own account.");

    public Task<IActionResult> OnPostResetPasswordAsync() => RunAsync(async () =>
    {
        var reset = await credentials.ResetPasswordAsync(Id, Input.Password, AdministratorName, Message);
        return reset.Result.Succeeded
            ? Succeeded($"The password of {Account.UserName} was reset{RevocationText.WithCount(reset.Sessions)}")
            : await RejectAsync("Input.Password", reset.Result.Errors.First().Description);
    }, ownAccountError: "You cannot reset your own password here. Use the Password page instead.");

    public Task<IActionResult> OnPostRenameAsync() => RunAsync(async () =>
    {
        var name = Input.UserName?.Trim() ?? "";
        if (name.Length == 0)
            return await RejectAsync("Input.UserName", "Enter a user name.");
        var renamed = await profiles.RenameAsync(Id, name, AdministratorName);
        return renamed.Result.Succeeded
            ? Succeeded($"The user name was changed to {name}.{RevocationText.Appended(renamed.Sessions)}")
            : await RejectAsync("Input.UserName", renamed.Result.Errors.First().Description);
    });

    public Task<IActionResult> OnPostChangeEmailAsync() => RunAsync(async () =>
    {
        var email = string.IsNullOrWhiteSpace(Input.Email) ? null : Input.Email.Trim();
        var changed = await profiles.SetEmailAsync(Id, email, AdministratorName);
        if (!changed.Result.Succeeded)
            return await RejectAsync("Input.Email", changed.Result.Errors.First().Description);
        var change = email is null ? "removed" : $"changed to {email}";
        return Succeeded(
            $"The email address of {Account.UserName} was {change}.{RevocationText.Appended(changed.Sessions)}");
    });

    public Task<IActionResult> OnPostDisableTwoFactorAsync() => RunAsync(async () =>
        await credentials.DisableTwoFactorAsync(Id, AdministratorName) is { } revocation
            ? Succeeded($"Two-factor sign-in of {Account.UserName} is off{RevocationText.WithCount(revocation)}")
            : RedirectWithNotice(PagePath, "Two-factor sign-in is already off.", "info"),
        ownAccountError: "You cannot turn off your own two-factor sign-in here. Use your Profile page instead.");

    public Task<IActionResult> OnPostDeleteAsync(bool sure) => RunAsync(async () =>
    {
        var name = Account.UserName;
        if (!sure)
            return Failed("The account was not deleted. Select the checkbox to confirm, then try again.");
        return await actions.DeleteAsync(Id, AdministratorName) switch
        {
            null => NotFound(),
            { Error: { } error } => Failed(error),
            { Deleted: true } deleted => RedirectWithNotice(
                "/admin/accounts", $"{name} was deleted{RevocationText.WithCount(deleted.Sessions)}"),
            var kept => Failed(
                $"{name} was not deleted, because another administrator enabled the account"
                + $"{RevocationText.WithCount(kept.Sessions)} To delete it, try again."),
        };
    }, ownAccountError: "You cannot delete your own account.");

    public Task<IActionResult> OnPostSignOutAsync() => RunAsync(async () =>
    {
        var keep = IsOwn ? HttpContext.GetSession()!.Handle : null;
        return await actions.SignOutEverywhereAsync(Id, AdministratorName, Message, keep) is { } revocation
            ? Succeeded(AdminRevocationText.OfAll(revocation, keptCurrent: IsOwn))
            : NotFound();
    });

    /// <param name="session">The handle of the session.</param>
    public Task<IActionResult> OnPostRevokeAsync(string? session) => RunAsync(async () =>
    {
        if (session is null || !SessionKey.IsHandle(session))
            return NotFound();
        if (IsOwn && session == HttpContext.GetSession()!.Handle)
            return Failed("This is your current session. To end it, sign out.");
        var end = IsOwn
            ? new SessionEnd(SessionEndReasons.RevokedByYou)
            : new SessionEnd(SessionEndReasons.RevokedByAdmin, AdministratorName, Message);
        var revocation = await revoker.EndSessionAsync(new(Id, session), Account.UserName!, end);
        return RedirectWithNotice(
            PagePath, AdminRevocationText.OfOne(revocation), AdminRevocationText.Kind(revocation));
    });

    private RedirectResult Succeeded(string notice) => RedirectWithNotice(PagePath, notice);

    private RedirectResult Failed(string notice) => RedirectWithNotice(PagePath, notice, "error");
}
