using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>Disables, enables and deletes accounts, grants and removes roles, and signs accounts out.</summary>
internal sealed class AccountActions(
    AppDbContext database, AccountChanges changes, Administrators administrators, AuditLog audit,
    SessionEffects effects, TimeProvider time)
{
    /// <summary>
    /// Disables the account, permanently or until a time, and signs it out everywhere. A sign-in in progress is
    /// refused.
    /// </summary>
    public async Task<AccountResult> DisableAsync(
        string accountId, string by, DateTimeOffset? until = null, string? message = null,
        CancellationToken cancellationToken = default)
    {
        await using var change = await changes.BeginAsync(
            accountId, effects.AccountDisabled, cancellationToken: cancellationToken);
        if (change is null)
            return AccountResult.NoAccount;
        if (await administrators.IsLastAsync(accountId, cancellationToken))
            return AccountResult.LastAdministrator;
        var now = time.GetUtcNow();
        await change.UpdateAsync(
            set => set
                .SetProperty(a => a.DisabledAt, now)
                .SetProperty(a => a.DisabledUntil, until)
                .SetProperty(a => a.DisabledReason, message),
            cancellationToken);
        return new(await change.CommitAsync(
            AuditEvents.AccountDisabled, new(SessionEndReasons.AccountDisabled, by, message),
            cancellationToken: cancellationToken));
    }

    /// <summary>Lets a disabled account sign in again. Its sessions remain ended.</summary>
    public async Task<AccountResult> EnableAsync(string accountId, CancellationToken cancellationToken = default)
    {
        await using var change = await changes.BeginAsync(
            accountId, SessionEffect.Keep, cancellationToken: cancellationToken);
        if (change is null)
            return AccountResult.NoAccount;
        await change.UpdateAsync(
            set => set
                .SetProperty(a => a.DisabledAt, (DateTimeOffset?)null)
                .SetProperty(a => a.DisabledUntil, (DateTimeOffset?)null)
                .SetProperty(a => a.DisabledReason, (string?)null),
            cancellationToken);
        return new(await change.CommitAsync(
            AuditEvents.AccountEnabled, new("", audit.Actor), cancellationToken: cancellationToken));
    }

    /// <summary>Grants a role to the account. By default its sessions have it from their next request.</summary>
    public async Task<AccountResult> GrantRoleAsync(
        string accountId, string role, string by, CancellationToken cancellationToken = default)
    {
        await using var change = await changes.BeginAsync(
            accountId, effects.RoleGranted, cancellationToken: cancellationToken);
        if (change is null)
            return AccountResult.NoAccount;
        if (!await RolesOf(accountId, role).AnyAsync(cancellationToken))
        {
            var added = database.UserRoles.Add(new() { UserId = accountId, RoleId = role });
            await database.SaveChangesAsync(cancellationToken);
            added.State = EntityState.Detached;
        }
        return new(await change.CommitAsync(
            AuditEvents.RoleGranted, new(SessionEndReasons.RoleChanged, by), role,
            cancellationToken: cancellationToken));
    }

    /// <summary>Removes a role from the account. By default its sessions lose it from their next request.</summary>
    public async Task<AccountResult> RemoveRoleAsync(
        string accountId, string role, string by, CancellationToken cancellationToken = default)
    {
        await using var change = await changes.BeginAsync(
            accountId, effects.RoleTaken, cancellationToken: cancellationToken);
        if (change is null)
            return AccountResult.NoAccount;
        if (role == Roles.Admin && await administrators.IsLastAsync(accountId, cancellationToken))
            return AccountResult.LastAdministrator;
        await RolesOf(accountId, role).ExecuteDeleteAsync(cancellationToken);
        return new(await change.CommitAsync(
            AuditEvents.RoleTaken, new(SessionEndReasons.RoleChanged, by), role, cancellationToken: cancellationToken));
    }

    /// <summary>
    /// Disables the account, which ends its sessions. Then deletes it, unless another administrator has enabled it.
    /// </summary>
    /// <returns>Null if there is no such account.</returns>
    public async Task<AccountDeletion?> DeleteAsync(
        string accountId, string by, CancellationToken cancellationToken = default)
    {
        var disabled = await DisableAsync(accountId, by, cancellationToken: cancellationToken);
        if (disabled == AccountResult.NoAccount)
            return null;
        if (disabled.Sessions is not { } ended)
            return new(false, RevocationResult.None, disabled.Error);
        // The generation is raised again: a sign-in of an account that was enabled and disabled in the meantime is
        // refused, too.
        await using var change = await changes.BeginAsync(
            accountId, effects.AccountDisabled, cancellationToken: cancellationToken);
        if (change is null)
            return new(true, ended);
        if (!change.Account.IsDisabledAt(time.GetUtcNow()))
            return new(false, ended);
        await change.UpdateAsync(null, cancellationToken);
        await changes.Of(accountId).ExecuteDeleteAsync(cancellationToken);
        var deleted = await change.CommitAsync(
            AuditEvents.AccountDeleted, new(SessionEndReasons.AccountDisabled, by),
            cancellationToken: cancellationToken);
        return new(
            true, deleted with { Ended = ended.Ended + deleted.Ended, Pending = ended.Pending || deleted.Pending });
    }

    /// <summary>Ends all sessions of an account, except <paramref name="keep"/> (a handle) if given.</summary>
    /// <returns>Null if there is no such account.</returns>
    public async Task<RevocationResult?> SignOutEverywhereAsync(
        string accountId, string by, string? message = null, string? keep = null,
        CancellationToken cancellationToken = default)
    {
        await using var change = await changes.BeginAsync(
            accountId, SessionEffect.Revoke, cancellationToken: cancellationToken);
        if (change is null)
            return null;
        var end = change.Account.UserName == by
            ? new SessionEnd(SessionEndReasons.RevokedByYou)
            : new SessionEnd(SessionEndReasons.RevokedByAdmin, by, message);
        return await change.CommitAsync(
            AuditEvents.SessionsRevoked, end, keepHandle: keep, cancellationToken: cancellationToken);
    }

    private IQueryable<IdentityUserRole<string>> RolesOf(string accountId, string role) =>
        database.UserRoles.Where(r => r.UserId == accountId && r.RoleId == role);
}
