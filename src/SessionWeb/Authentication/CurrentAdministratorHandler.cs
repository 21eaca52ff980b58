using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Data;
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.Authentication;

/// <summary>
/// Reads the accounts database, so that no session of a deleted, disabled or demoted account passes. Revokes a session
/// without an account.
/// </summary>
/// <remarks>
/// Authorization creates this handler for every request, so it creates a database context only for its own requirement.
/// </remarks>
internal sealed class CurrentAdministratorHandler(IServiceProvider services)
    : AuthorizationHandler<CurrentAdministrator>
{
    protected override async Task HandleRequirementAsync(
        AuthorizationHandlerContext context, CurrentAdministrator requirement)
    {
        if (context.User.FindFirst(AccountClaims.Id)?.Value is not { } id)
            return;
        var database = services.GetRequiredService<AppDbContext>();
        var found = await database.Users.AsNoTracking().Where(a => a.Id == id)
            .Select(a => new
            {
                Account = a,
                IsAdmin = database.UserRoles.Any(r => r.UserId == id && r.RoleId == Roles.Admin),
            })
            .SingleOrDefaultAsync();
        if (found is null
            && services.GetRequiredService<IHttpContextAccessor>().HttpContext?.GetSession() is { } orphan)
        {
            await services.GetRequiredService<SessionRevoker>().EndOrphanAsync(orphan);
        }
        else if (found is { IsAdmin: true }
            && !found.Account.IsDisabledAt(services.GetRequiredService<TimeProvider>().GetUtcNow()))
        {
            context.Succeed(requirement);
        }
    }
}
