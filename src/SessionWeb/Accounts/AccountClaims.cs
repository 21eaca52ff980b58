using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>Creates the claims of an account: only id, name and roles.</summary>
internal sealed class AccountClaims(UserManager<Account> accounts) : IUserClaimsPrincipalFactory<Account>
{
    public const string Id = "sub";
    public const string Name = "name";
    public const string Role = "role";

    public async Task<ClaimsPrincipal> CreateAsync(Account user)
    {
        var identity = new ClaimsIdentity("password", Name, Role);
        identity.AddClaim(new Claim(Id, user.Id));
        identity.AddClaim(new Claim(Name, user.UserName!));
        identity.AddClaims((await accounts.GetRolesAsync(user)).Select(role => new Claim(Role, role)));
        return new ClaimsPrincipal(identity);
    }
}
