using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Data;

namespace SessionWeb.Administration;

/// <summary>Ensures that at least one administrator who can sign in remains.</summary>
internal sealed class Administrators(AppDbContext database, SignInLimit limit, TimeProvider time)
{
    /// <summary>Whether no administrator who can sign in would remain without this account.</summary>
    /// <remarks>
    /// Call it in the transaction of the change, so that two administrators cannot demote each other at the same time.
    /// </remarks>
    public async Task<bool> IsLastAsync(string accountId, CancellationToken cancellationToken)
    {
        var administrators = database.UserRoles.Where(r => r.RoleId == Roles.Admin).Select(r => r.UserId);
        if (!await administrators.ContainsAsync(accountId, cancellationToken))
            return false;
        var now = time.GetUtcNow();
        return !await limit.Allowed().AnyAsync(
            a => a.Id != accountId && (a.DisabledAt == null || a.DisabledUntil <= now) && administrators.Contains(a.Id),
            cancellationToken);
    }
}
