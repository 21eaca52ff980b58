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
        return Done(Here, $"{Account.UserName} is disabled{(until is { } end ? $" until {end:yyyy-MM-dd HH:mm} UTC" : "")}; {Plural.Sessions(ended?.Ended)} ended.{Confirmation.Of(ended)}");
    }, othersOnly: "You cannot disable your own account.");

    public Task<IActionResult> OnPostEnableAsync() => ActAsync(async () =>
    {
        await actions.EnableAsync(Id);
        return Done(Here, $"{Account.UserName} can sign in again.");
    });

    public Task<IActionResult> OnPostGrantAdminAsync() => ActAsync(async () =>
    {
        var told = await actions.SetRoleAsync(Id, Roles.Admin, true, Me);
        return Done(Here, $"{Account.UserName} is an administrator now.{Confirmation.Of(told)}");
    });

    public Task<IActionResult> OnPostTakeAdminAsync() => ActAsync(async () =>
    {
        var told = await actions.SetRoleAsync(Id, Roles.Admin, false, Me);
        return Done(Here, $"{Account.UserName} is no administrator any more.{Confirmation.Of(told)}");
    }, othersOnly: "You cannot take the role from your own account.");

    public Task<IActionResult> OnPostResetPasswordAsync() => ActAsync(async () =>
    {
        var reset = await passwords.ResetAsync(Id, Input.Password, Me, Message);
        return reset.Succeeded
            ? Done(Here, $"{Account.UserName} has a new password and is signed out everywhere.")
            : await RefuseAsync("Input.Password", reset.Errors.First().Description);
    }, othersOnly: "Your own password is changed on its own page, where you stay signed in.");

    public Task<IActionResult> OnPostRenameAsync() => ActAsync(async () =>
    {
        var name = Input.UserName?.Trim() ?? "";
        var renamed = await profiles.RenameAsync(Id, name, Me);
        return renamed.Succeeded
            ? Done(Here, $"The account is called {name} now.")
            : await RefuseAsync("Input.UserName", name.Length == 0 ? "Choose a user name." : renamed.Errors.First().Description);
    });

    public Task<IActionResult> OnPostChangeEmailAsync() => ActAsync(async () =>
    {
        var email = string.IsNullOrWhiteSpace(Input.Email) ? null : Input.Email.Trim();
        var changed = await profiles.SetEmailAsync(Id, email, Me);
        return changed.Succeeded
            ? Done(Here, email is null ? $"{Account.UserName} has no e-mail address now." : $"{Account.UserName} has the e-mail address {email} now.")
            : await RefuseAsync("Input.Email", changed.Errors.First().Description);
    });

    public Task<IActionResult> OnPostDisableTwoFactorAsync() => ActAsync(async () =>
        await twoFactor.DisableForAsync(Id, Me) is { } ended
            ? Done(Here, $"{Account.UserName} signs in without a code now; {Plural.Sessions(ended.Ended)} ended.{Confirmation.Of(ended)}")
            : Done(Here, "Two-factor sign-in was off already.", "info"), othersOnly: "Your own second factor has its own page, where you stay signed in.");

    public Task<IActionResult> OnPostDeleteAsync(bool sure) => ActAsync(async () =>
    {
        if (!sure)
            return Done(Here, "Nothing was deleted: tick the box to say that you mean it.", "error");
        var ended = await actions.DeleteAsync(Id, Me);
        return Done("/admin/accounts", $"{Account.UserName} was deleted; {Plural.Sessions(ended?.Ended)} ended.{Confirmation.Of(ended)}");
    }, othersOnly: "You cannot delete your own account.");

    public Task<IActionResult> OnPostSignOutAsync() => ActAsync(async () =>
    {
        var ended = await actions.SignOutEverywhereAsync(Id, Me, Message, IsOwn ? HttpContext.GetSession()!.Handle : null);
        return Done(Here, $"{Plural.Sessions(ended?.Ended)} ended.{(IsOwn ? " Yours here stays." : "")}{Confirmation.Of(ended)}");
    });

    /// <param name="session">A public handle.</param>
    public Task<IActionResult> OnPostRevokeAsync(string? session) => ActAsync(async () =>
    {
        var found = (await sessions.ListAsync([AccountTag.For(Id)], CancellationToken.None)).FirstOrDefault(s => s.Handle == session);
        if (found is not null && IsCurrent(found))
            return Done(Here, "This is your own session. To end it, sign out.", "error");
        var ended = found is null ? Revocation.None : await revocations.EndSessionAsync(
            found with { AccountName = Account.UserName! }, IsOwn ? new(EndReasons.RevokedByYou) : new(EndReasons.RevokedByAdmin, Me, Message));
        return ended is { Ended: 0, Pending: false }
            ? Done(Here, "That session had already ended.", "info")
            : Done(Here, $"The session was ended.{Confirmation.Of(ended)}");
    });
}
