using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.Authentication;

/// <summary>The claims of an account as they are now.</summary>
internal sealed class CurrentClaims(
    UserManager<Account> accounts, IUserClaimsPrincipalFactory<Account> claims, TimeProvider time) : ISessionClaims
{
    public async Task<ClaimsPrincipal?> GetAsync(string accountId, CancellationToken cancellationToken) =>
        await accounts.FindByIdAsync(accountId) is { } account && !account.IsDisabledAt(time.GetUtcNow())
            ? await claims.CreateAsync(account)
            : null;
}
