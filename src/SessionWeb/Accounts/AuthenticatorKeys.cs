using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>
/// Stores the keys of authenticator apps, encrypted with the data-protection key ring, as <c>v1:</c> and the encrypted
/// key. Earlier revisions stored the plain key, which <see cref="EncryptAsync"/> replaces.
/// </summary>
internal sealed partial class AuthenticatorKeys(
    AppDbContext database, IDataProtectionProvider protection, ILogger<AuthenticatorKeys> logger)
{
    private const string Version = "v1:";

    // ASP.NET Core Identity stores the key under these names.
    private const string Provider = "[AspNetUserStore]";
    private const string Name = "AuthenticatorKey";

    /// <returns>Null if the account has no key, or if the key ring cannot decrypt it.</returns>
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
            DecryptionFailed(logger, accountId, failure);
            return null;
        }
    }

    /// <summary>Adds the key of an account that has none.</summary>
    public async Task AddAsync(string accountId, string key)
    {
        var added = database.UserTokens.Add(
            new() { UserId = accountId, LoginProvider = Provider, Name = Name, Value = Encrypt(accountId, key) });
        await database.SaveChangesAsync();
        added.State = EntityState.Detached;
    }

    /// <summary>Encrypts the key if it is stored unencrypted.</summary>
    public Task EncryptAsync(string accountId, string key)
    {
        var encrypted = Encrypt(accountId, key);
        return Of(accountId).Where(t => t.Value == key)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.Value, encrypted));
    }

    private IQueryable<IdentityUserToken<string>> Of(string accountId) =>
        database.UserTokens.Where(t => t.UserId == accountId && t.LoginProvider == Provider && t.Name == Name);

    private string Encrypt(string accountId, string key) => Version + ProtectorOf(accountId).Protect(key);

    // Bound to the account: a key that is copied to another account cannot be decrypted.
    private IDataProtector ProtectorOf(string accountId) =>
        protection.CreateProtector("SessionWeb.AuthenticatorKey", "v1", accountId);

    [LoggerMessage(1, LogLevel.Error,
        "The authenticator key of account {AccountId} cannot be decrypted: "
        + "the data-protection key that encrypted it is missing or unreadable. "
        + "Restore that key, or run 'accounts disable-two-factor NAME'. Recovery codes still work.")]
    private static partial void DecryptionFailed(ILogger logger, string accountId, Exception exception);
}
