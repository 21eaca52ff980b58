using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>What administrators do to accounts.</summary>
/// <remarks>What became of the sessions is null where there is no such account.</remarks>
internal sealed class AccountActions(
    AppDbContext database, AccountChanges changes, SignInLimit limit, AuditLog audit, SessionEffects effects, TimeProvider time)
{
    /// <summary>Closes the account, for good or until a time, and signs it out everywhere; a sign-in under way is refused.</summary>
    /// <exception cref="LastAdministratorException">Nobody would be left to administer.</exception>
    public async Task<RevocationResult?> DisableAsync(
        string accountId, string by, DateTimeOffset? until = null, string? message = null, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var changed = await changes.MakeAsync(
            new(accountId, AuditEvents.AccountDisabled, effects.AccountDisabled, new(SessionEndReasons.AccountDisabled, by, message))
            {
                Set = set => set
                    .SetProperty(a => a.DisabledAt, now)
                    .SetProperty(a => a.DisabledUntil, until)
                    .SetProperty(a => a.DisabledReason, message),
                Alongside = async () =>
                {
                    if (await IsAdministratorAsync(accountId, cancellationToken))
                        await RequireAdministratorAsync(cancellationToken);
                },
            },
            cancellationToken);
        return changed?.Sessions;
    }

    /// <summary>Lets a disabled account sign in again. Its sessions stay ended.</summary>
    public async Task<RevocationResult?> EnableAsync(string accountId, CancellationToken cancellationToken = default) => (await changes.MakeAsync(
        new(accountId, AuditEvents.AccountEnabled, SessionEffect.Keep, new("", audit.Actor))
        {
            Set = set => set
                .SetProperty(a => a.DisabledAt, (DateTimeOffset?)null)
                .SetProperty(a => a.DisabledUntil, (DateTimeOffset?)null)
                .SetProperty(a => a.DisabledReason, (string?)null),
        },
        cancellationToken))?.Sessions;

    /// <summary>Gives the account a role or takes it away; its sessions have it, or not, from their next request on.</summary>
    /// <exception cref="LastAdministratorException">Nobody would be left to administer.</exception>
    public async Task<RevocationResult?> SetRoleAsync(string accountId, string role, bool granted, string by, CancellationToken cancellationToken = default) =>
        (await changes.MakeAsync(
            new(accountId, granted ? AuditEvents.RoleGranted : AuditEvents.RoleTaken, granted ? effects.RoleGranted : effects.RoleTaken, new(SessionEndReasons.RoleChanged, by))
            {
                Details = _ => role,
                Alongside = () => granted ? GrantAsync(accountId, role, cancellationToken) : TakeAsync(accountId, role, cancellationToken),
            },
            cancellationToken))?.Sessions;

    /// <summary>
    /// Disables the account, which ends its sessions, and then deletes it, unless another administrator enabled it in between.
    /// </summary>
    /// <exception cref="LastAdministratorException">Nobody would be left to administer.</exception>
    public async Task<AccountDeletion?> DeleteAsync(string accountId, string by, CancellationToken cancellationToken = default)
    {
        if (await DisableAsync(accountId, by, cancellationToken: cancellationToken) is not { } disabled)
            return null;
        var now = time.GetUtcNow();
        var deleted = await changes.MakeAsync(
            // The generation is raised again: a sign-in of an account that was enabled and disabled in between is refused, too.
            new(accountId, AuditEvents.AccountDeleted, effects.AccountDisabled, new(SessionEndReasons.AccountDisabled, by))
            {
                OnlyIf = a => a.DisabledAt != null && (a.DisabledUntil == null || a.DisabledUntil > now),
                Alongside = () => changes.Of(accountId).ExecuteDeleteAsync(cancellationToken),
            },
            cancellationToken);
        return deleted is null
            ? new(!await changes.Of(accountId).AnyAsync(cancellationToken), disabled)
            : new(true, deleted.Sessions with { Ended = disabled.Ended + deleted.Sessions.Ended, Pending = disabled.Pending || deleted.Sessions.Pending });
    }

    /// <summary>Ends all sessions of an account, but <paramref name="keep"/> (a handle) if given.</summary>
    public async Task<RevocationResult?> SignOutEverywhereAsync(
        string accountId, string by, string? message = null, string? keep = null, CancellationToken cancellationToken = default)
    {
        var name = await changes.Of(accountId).Select(a => a.UserName).SingleOrDefaultAsync(cancellationToken);
        var ending = name == by ? new SessionEnd(SessionEndReasons.RevokedByYou) : new SessionEnd(SessionEndReasons.RevokedByAdmin, by, message);
        var change = new AccountChange(accountId, AuditEvents.SessionsRevoked, SessionEffect.Revoke, ending) { KeepHandle = keep };
        return (await changes.MakeAsync(change, cancellationToken))?.Sessions;
    }

    private async Task GrantAsync(string accountId, string role, CancellationToken cancellationToken)
    {
        if (await RolesOf(accountId, role).AnyAsync(cancellationToken))
            return;
        var added = database.UserRoles.Add(new() { UserId = accountId, RoleId = role });
        await database.SaveChangesAsync(cancellationToken);
        added.State = EntityState.Detached;
    }

    private async Task TakeAsync(string accountId, string role, CancellationToken cancellationToken)
    {
        var wasAdministrator = await IsAdministratorAsync(accountId, cancellationToken);
        await RolesOf(accountId, role).ExecuteDeleteAsync(cancellationToken);
        if (wasAdministrator)
            await RequireAdministratorAsync(cancellationToken);
    }

    private IQueryable<IdentityUserRole<string>> RolesOf(string accountId, string role) =>
        database.UserRoles.Where(r => r.UserId == accountId && r.RoleId == role);

    private Task<bool> IsAdministratorAsync(string accountId, CancellationToken cancellationToken) => RolesOf(accountId, Roles.Admin).AnyAsync(cancellationToken);

    private async Task RequireAdministratorAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var administrators = database.UserRoles.Where(r => r.RoleId == Roles.Admin).Select(r => r.UserId);
        if (!await limit.Admitted().AnyAsync(a => (a.DisabledAt == null || a.DisabledUntil <= now) && administrators.Contains(a.Id), cancellationToken))
            throw new LastAdministratorException();
    }
}
