using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>
/// Finds the accounts whose password is a published demo password. Outside Development they cannot sign in until it is
/// changed or reset.
/// </summary>
internal sealed partial class DemoPasswords(
    AppDbContext database, BcryptPasswordHasher hasher, PasswordHashQueue queue, ILogger<DemoPasswords> logger)
{
    private const string PublishedSettings = "appsettings.Development.json";

    /// <summary>
    /// Marks the demo accounts that a revision without marks added, by their published names and passwords. Each
    /// account is checked once.
    /// </summary>
    public async Task MarkAsync()
    {
        if (!await database.Users.AnyAsync(a => a.IsDemo == null))
            return;
        foreach (var published in Published())
        {
            var name = published.UserName.ToUpperInvariant();
            var account = await database.Users.AsNoTracking()
                .SingleOrDefaultAsync(a => a.NormalizedUserName == name && a.IsDemo == null);
            if (account is null)
                continue;
            var verified = await queue.RunAsync(
                () => hasher.VerifyHashedPassword(account, account.PasswordHash ?? "", published.Password),
                CancellationToken.None);
            var isDemo = verified != PasswordVerificationResult.Failed;
            await database.Users
                .Where(a => a.Id == account.Id && a.IsDemo == null && a.PasswordHash == account.PasswordHash)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.IsDemo, isDemo));
        }
        var names = Published().Select(account => account.UserName.ToUpperInvariant()).ToList();
        await database.Users.Where(a => a.IsDemo == null && !names.Contains(a.NormalizedUserName!))
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.IsDemo, false));
    }

    public async Task WarnAsync()
    {
        var names = await database.Users.Where(a => a.IsDemo == true).OrderBy(a => a.NormalizedUserName)
            .Select(a => a.UserName).ToListAsync();
        if (names.Count > 0)
            DemoPasswordsFound(logger, string.Join(", ", names));
    }

    private static DemoAccount[] Published()
    {
        using var settings = typeof(DemoPasswords).Assembly.GetManifestResourceStream(PublishedSettings)!;
        var configuration = new ConfigurationBuilder().AddJsonStream(settings).Build();
        return configuration.GetSection(DemoAccount.Section).Get<DemoAccount[]>() ?? [];
    }

    [LoggerMessage(1, LogLevel.Warning,
        "These accounts have published demo passwords and cannot sign in outside Development: {UserNames}. "
        + "Set new passwords with 'accounts reset-password NAME', or disable the accounts.")]
    private static partial void DemoPasswordsFound(ILogger logger, string userNames);
}
