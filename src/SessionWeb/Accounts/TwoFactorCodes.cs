using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>A correct code that is not used up yet.</summary>
/// <param name="Step">The time step of an authenticator's code. Null for a recovery code.</param>
/// <param name="Secret">The authenticator's key, or the hash of the recovery code.</param>
internal sealed record SecondFactor(long? Step, string Secret);

/// <summary>
/// Checks and uses up the codes of the second step. A code of an authenticator app is accepted if its time step is
/// later than that of the last accepted one. Recovery codes are 120 random bits, stored as their SHA-256 until they are
/// used.
/// </summary>
/// <remarks>A code must be used up in the transaction that signs in with it.</remarks>
internal sealed class TwoFactorCodes(
    AppDbContext database, UserManager<Account> accounts, AuthenticatorKeys keys, TimeProvider time)
{
    public const int MaxLength = 64;
    public const int RecoveryCodes = 10;

    private const string Recovery = "RecoveryCode";
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public string NewKey() => accounts.GenerateNewAuthenticatorKey();

    public static IReadOnlyList<string> NewRecoveryCodes() =>
    [
        .. Enumerable.Range(0, RecoveryCodes).Select(
            _ => string.Join('-', Enumerable.Range(0, 6).Select(_ => RandomNumberGenerator.GetString(Alphabet, 4)))),
    ];

    /// <summary>Finds a code without using it up.</summary>
    /// <returns>Null if the account has no such code.</returns>
    public async Task<SecondFactor?> FindAsync(string accountId, string code)
    {
        if (code.Length > MaxLength)
            return null;
        if (await keys.FindAsync(accountId) is { } key
            && AuthenticatorCode.StepOf(key, code, time.GetUtcNow()) is { } step)
        {
            return new(step, key);
        }

        var hash = HashOf(code);
        return await RecoveryCodesOf(accountId).AnyAsync(t => t.Name == hash) ? new(null, hash) : null;
    }

    /// <summary>Uses up a correct code.</summary>
    /// <returns>False if this code, or one of a later time step, was used before.</returns>
    public async Task<bool> UseAsync(string accountId, SecondFactor found)
    {
        if (found.Step is not { } step)
            return await RecoveryCodesOf(accountId).Where(t => t.Name == found.Secret).ExecuteDeleteAsync() == 1;
        if (await database.Users.Where(a => a.Id == accountId && a.LastAuthenticatorStep < step)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.LastAuthenticatorStep, step)) == 0)
        {
            return false;
        }

        await keys.EncryptAsync(accountId, found.Secret);
        return true;
    }

    /// <summary>Replaces the account's authenticator key and recovery codes.</summary>
    public async Task ReplaceAsync(string accountId, string key, IEnumerable<string> recoveryCodes)
    {
        await ClearAsync(accountId);
        await keys.AddAsync(accountId, key);
        var added = recoveryCodes
            .Select(code => database.UserTokens.Add(
                new() { UserId = accountId, LoginProvider = Recovery, Name = HashOf(code) }))
            .ToList();
        await database.SaveChangesAsync();
        added.ForEach(token => token.State = EntityState.Detached);
    }

    /// <summary>
    /// Removes the account's key and codes. For the next key, codes of all time steps are accepted again.
    /// </summary>
    public async Task ClearAsync(string accountId)
    {
        await database.UserTokens.Where(t => t.UserId == accountId).ExecuteDeleteAsync();
        await database.Users.Where(a => a.Id == accountId)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.LastAuthenticatorStep, 0));
    }

    /// <summary>Enables or disables two-factor sign-in, and ends sign-ins that wait for a code.</summary>
    public static void SetEnabled(UpdateSettersBuilder<Account> set, bool enabled)
    {
        var stamp = Guid.NewGuid().ToString();
        set.SetProperty(a => a.TwoFactorEnabled, enabled).SetProperty(a => a.SecurityStamp, stamp);
    }

    public Task<int> CountRecoveryCodesAsync(string accountId) => RecoveryCodesOf(accountId).CountAsync();

    private IQueryable<IdentityUserToken<string>> RecoveryCodesOf(string accountId) =>
        database.UserTokens.Where(t => t.UserId == accountId && t.LoginProvider == Recovery);

    private static string HashOf(string code) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Normalize(code))));

    /// <summary>Removes spaces and hyphens, and ignores the case of letters.</summary>
    private static string Normalize(string code) =>
        string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
}
