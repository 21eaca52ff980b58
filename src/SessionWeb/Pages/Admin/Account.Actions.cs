using Microsoft.AspNetCore.Mvc;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Admin;

/// <summary>What the forms do.</summary>
internal sealed partial class AccountModel
{
    public Task<IActionResult> OnPostDisableAsync() => ActAsync(async () =>
    {
        DateTimeOffset? until = Input.Until is { } typed ? new(DateTime.SpecifyKind(typed, DateTimeKind.Utc)) : null;
        if (until <= time.GetUtcNow())
            return await RefuseAsync("Input.Until", "This time is over already. Choose a later one (UTC), or none for good.");
        var ended = await actions.DisableAsync(Id, Me, until, Message);
        return Done(Here, $"{Account.UserName} is disabled{(until is { } end ? $" until {end:yyyy-MM-dd HH:mm} UTC" : "")}{RevocationNotice.WithCount(ended)}");
    }, othersOnly: "You cannot disable your own account.");

    public Task<IActionResult> OnPostEnableAsync() => ActAsync(async () =>
    {
        return await actions.EnableAsync(Id) is { } enabled
            ? Done(Here, $"{Account.UserName} can sign in again.{RevocationNotice.Of(enabled)}")
            : NotFound();
    });

    public Task<IActionResult> OnPostGrantAdminAsync() => ActAsync(async () =>
    {
        var applied = await actions.SetRoleAsync(Id, Roles.Admin, true, Me);
        return Done(Here, $"{Account.UserName} is an administrator now.{RevocationNotice.Of(applied)}");
    });

    public Task<IActionResult> OnPostTakeAdminAsync() => ActAsync(async () =>
    {
        var applied = await actions.SetRoleAsync(Id, Roles.Admin, false, Me);
        return Done(Here, $"{Account.UserName} is no longer an administrator.{RevocationNotice.Of(applied)}");
    }, othersOnly: "You cannot take the role from your own account.");

    public Task<IActionResult> OnPostResetPasswordAsync() => ActAsync(async () =>
    {
        var reset = await passwords.ResetAsync(Id, Input.Password, Me, Message);
        return reset.Result.Succeeded
            ? Done(Here, $"{Account.UserName} has a new password{RevocationNotice.WithCount(reset.Sessions)}")
            : await RefuseAsync("Input.Password", reset.Result.Errors.First().Description);
    }, othersOnly: "Your own password is changed on its own page, where you stay signed in.");

    public Task<IActionResult> OnPostRenameAsync() => ActAsync(async () =>
    {
        var name = Input.UserName?.Trim() ?? "";
        var renamed = await profiles.RenameAsync(Id, name, Me);
        return renamed.Result.Succeeded
            ? Done(Here, $"The account is called {name} now.{RevocationNotice.Of(renamed.Sessions)}")
            : await RefuseAsync("Input.UserName", name.Length == 0 ? "Choose a user name." : renamed.Result.Errors.First().Description);
    });

    public Task<IActionResult> OnPostChangeEmailAsync() => ActAsync(async () =>
    {
        var email = string.IsNullOrWhiteSpace(Input.Email) ? null : Input.Email.Trim();
        var changed = await profiles.SetEmailAsync(Id, email, Me);
        return changed.Result.Succeeded
            ? Done(Here, $"{Account.UserName} {(email is null ? "has no e-mail address" : $"has the e-mail address {email}")} now.{RevocationNotice.Of(changed.Sessions)}")
            : await RefuseAsync("Input.Email", changed.Result.Errors.First().Description);
    });

    public Task<IActionResult> OnPostDisableTwoFactorAsync() => ActAsync(async () =>
        await twoFactor.DisableForAsync(Id, Me) is { } ended
            ? Done(Here, $"{Account.UserName} signs in without a code now{RevocationNotice.WithCount(ended)}")
            : Done(Here, "Two-factor sign-in was off already.", "info"), othersOnly: "Your own second factor has its own page, where you stay signed in.");

    public Task<IActionResult> OnPostDeleteAsync(bool sure) => ActAsync(async () =>
    {
        if (!sure)
            return Done(Here, "Nothing was deleted: tick the box to say that you mean it.", "error");
        return await actions.DeleteAsync(Id, Me) switch
        {
            null => NotFound(),
            { Deleted: true } deleted => Done("/admin/accounts", $"{Account.UserName} was deleted{RevocationNotice.WithCount(deleted.Sessions)}"),
            var kept => Done(
                Here,
                $"{Account.UserName} was not deleted: another administrator enabled the account in between{RevocationNotice.WithCount(kept.Sessions)} To delete it, try again.",
                "error"),
        };
    }, othersOnly: "You cannot delete your own account.");

    public Task<IActionResult> OnPostSignOutAsync() => ActAsync(async () =>
    {
        var ended = await actions.SignOutEverywhereAsync(Id, Me, Message, IsOwn ? HttpContext.GetSession()!.Handle : null);
        return ended is null ? NotFound() : Done(Here, EndedTexts.OfAll(ended, "", IsOwn));
    });

    /// <param name="session">A public handle.</param>
    public Task<IActionResult> OnPostRevokeAsync(string? session) => ActAsync(async () =>
    {
        if (session is null || !SessionKey.IsHandle(session))
            return NotFound();
        if (IsOwn && session == HttpContext.GetSession()!.Handle)
            return Done(Here, "This is your own session. To end it, sign out.", "error");
        var ended = await revocations.EndSessionAsync(
            new(Id, session), Account.UserName!, IsOwn ? new(SessionEndReasons.RevokedByYou) : new(SessionEndReasons.RevokedByAdmin, Me, Message));
        return Done(Here, EndedTexts.Of(ended), ended is { Pending: false, Ended: > 0 } ? "success" : "info");
    });
}
