using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>
/// The link that makes the first administrator. Whoever starts the app finds it in the log; it works on every node, for a day, until
/// there is an administrator.
/// </summary>
internal sealed partial class SetupLink(
    AppDbContext database, NewAccount newAccount, IDataProtectionProvider protection, IServiceProvider services, ILogger<SetupLink> logger)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("SessionWeb.SetupLink").ToTimeLimitedDataProtector();

    public async Task TellIfNeededAsync()
    {
        if (!await HasAdminAsync())
            services.GetRequiredService<ListeningAddress>().WhenKnown(url => Tell($"{url}/setup?token={NewToken()}"));
    }

    public string NewToken() => _protector.Protect("first administrator", Lifetime);

    public async Task<bool> IsOpenAsync(string? token)
    {
        try
        {
            return _protector.Unprotect(token ?? "") == "first administrator" && !await HasAdminAsync();
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Adds the first administrator, unless there is one by then.</summary>
    public Task<IdentityResult> AddAdminAsync(string userName, string password) =>
        newAccount.AddAsync(userName, password, [Roles.Admin], unless: HasAdminAsync, reason: "setup-link");

    private Task<bool> HasAdminAsync() => database.UserRoles.AnyAsync(r => r.RoleId == Roles.Admin);

    [LoggerMessage(LogLevel.Warning, "There is no administrator yet. Whoever opens this link within a day becomes the first: {Link}")]
    private partial void Tell(string link);
}
