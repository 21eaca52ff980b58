using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>
/// The keys of authenticator apps, encrypted with the data-protection key ring. Stored as <c>v1:</c> and the encrypted key; revisions
/// before that format stored the key itself, which <see cref="EncryptAsync"/> replaces.
/// </summary>
internal sealed partial class AuthenticatorKeys(AppDbContext database, IDataProtectionProvider protection, ILogger<AuthenticatorKeys> logger)
{
    private const string Version = "v1:";

    // Where ASP.NET Core Identity keeps the key.
    private const string Provider = "[AspNetUserStore]";
    private const string Name = "AuthenticatorKey";

    /// <returns>Null if the account has no key, or one that the key ring cannot decrypt.</returns>
    public async Task<string?> FindAsync(string accountId)
    {
        var stored = await Of(accountId).Select(t => t.Value).SingleOrDefaultAsync();
        if (stored is null || !stored.StartsWith(Version, StringComparison.Ordinal))
            return stored;
        try
        {
            return ProtectorOf(accountId).Unprotect(stored[Version.Length..]);
        }
        catch (CryptographicException failure)
        {
            CannotDecrypt(logger, accountId, failure);
            return null;
        }
    }

    /// <summary>Adds the key of an account that has none.</summary>
    public async Task AddAsync(string accountId, string key)
    {
        var added = database.UserTokens.Add(new() { UserId = accountId, LoginProvider = Provider, Name = Name, Value = Encrypt(accountId, key) });
        await database.SaveChangesAsync();
        added.State = EntityState.Detached;
    }

    /// <summary>Encrypts the key where it is stored as it is.</summary>
    public Task EncryptAsync(string accountId, string key)
    {
        var encrypted = Encrypt(accountId, key);
        return Of(accountId).Where(t => t.Value == key).ExecuteUpdateAsync(set => set.SetProperty(t => t.Value, encrypted));
    }

    private IQueryable<Microsoft.AspNetCore.Identity.IdentityUserToken<string>> Of(string accountId) =>
        database.UserTokens.Where(t => t.UserId == accountId && t.LoginProvider == Provider && t.Name == Name);

    private string Encrypt(string accountId, string key) => Version + ProtectorOf(accountId).Protect(key);

    // For this account alone: copied to another account, the key is useless.
    private IDataProtector ProtectorOf(string accountId) => protection.CreateProtector("SessionWeb.AuthenticatorKey", "v1", accountId);

    [LoggerMessage(1, LogLevel.Error,
        "The authenticator key of account {AccountId} cannot be decrypted: the data-protection key that encrypted it is missing or unreadable. "
        + "Restore that key, or run 'accounts disable-two-factor NAME'; recovery codes still work.")]
    private static partial void CannotDecrypt(ILogger logger, string accountId, Exception exception);
}
