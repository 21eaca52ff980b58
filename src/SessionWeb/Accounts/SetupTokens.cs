using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>
/// Tokens that authorize adding the first administrator. A token is valid on every node for a day, until an
/// administrator exists.
/// </summary>
internal sealed class SetupTokens(AppDbContext database, NewAccount newAccount, IDataProtectionProvider protection)
{
    private const string Content = "first administrator";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly ITimeLimitedDataProtector _protector =
        protection.CreateProtector("SessionWeb.SetupLink").ToTimeLimitedDataProtector();

    public string NewToken() => _protector.Protect(Content, Lifetime);

    public async Task<bool> IsValidAsync(string? token)
    {
        try
        {
            return _protector.Unprotect(token ?? "") == Content && !await HasAdministratorAsync();
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Adds the first administrator. Refused if an administrator exists by then.</summary>
    public Task<IdentityResult> AddAdministratorAsync(string userName, string password) =>
        newAccount.AddAsync(userName, password, [Roles.Admin], unless: HasAdministratorAsync, reason: "setup-link");

    public Task<bool> HasAdministratorAsync() => database.UserRoles.AnyAsync(r => r.RoleId == Roles.Admin);
}
