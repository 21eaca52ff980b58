using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Accounts;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Administration;

/// <summary>The account has the role now, whatever the claims of its session say.</summary>
internal sealed class CurrentAdministrator : IAuthorizationRequirement;

/// <summary>Asks the accounts database, so that no session of an account that was deleted, disabled or demoted passes. Ends orphans.</summary>
/// <remarks>Authorization creates this handler for every request, so it creates a database context only for its own requirement.</remarks>
internal sealed class CurrentAdministratorHandler(IServiceProvider services) : AuthorizationHandler<CurrentAdministrator>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, CurrentAdministrator requirement)
    {
        if (context.User.FindFirst(AccountClaims.Id)?.Value is not { } id)
            return;
        var database = services.GetRequiredService<AppDbContext>();
        var found = await database.Users.AsNoTracking().Where(a => a.Id == id)
            .Select(a => new { Account = a, IsAdmin = database.UserRoles.Any(r => r.UserId == id && r.RoleId == Roles.Admin) }).SingleOrDefaultAsync();
        if (found is null && services.GetRequiredService<IHttpContextAccessor>().HttpContext?.GetSession() is { } orphan)
            await services.GetRequiredService<Revocations>().EndOrphanAsync(orphan);
        else if (found is { IsAdmin: true } && !found.Account.IsDisabledAt(services.GetRequiredService<TimeProvider>().GetUtcNow()))
            context.Succeed(requirement);
    }
}
