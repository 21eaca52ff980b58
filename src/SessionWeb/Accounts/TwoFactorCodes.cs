using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>A code that is right, and not used up yet.</summary>
/// <param name="Step">The time step of an authenticator's code; null for a recovery code.</param>
/// <param name="Secret">The authenticator's key, or the hash of the recovery code.</param>
internal sealed record SecondFactor(long? Step, string Secret);

/// <summary>
/// The codes of the second step. A code of an authenticator app is accepted if its time step is later than that of the last one.
/// Recovery codes are 120 random bits, kept as their SHA-256 until they are used.
/// </summary>
/// <remarks>What uses up a code belongs into the transaction that signs in with it.</remarks>
internal sealed class TwoFactorCodes(AppDbContext database, UserManager<Account> accounts, AuthenticatorKeys keys, TimeProvider time)
{
    public const int MaxLength = 64;
    public const int RecoveryCodes = 10;

    private const string Recovery = "RecoveryCode";
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public string NewKey() => accounts.GenerateNewAuthenticatorKey();

    public static IReadOnlyList<string> NewRecoveryCodes() => [.. Enumerable.Range(0, RecoveryCodes)
        .Select(_ => string.Join('-', Enumerable.Range(0, 6).Select(_ => RandomNumberGenerator.GetString(Alphabet, 4))))];

    /// <summary>What the code is to the account; it is not used up.</summary>
    /// <returns>Null if the account has no such code.</returns>
    public async Task<SecondFactor?> FindAsync(string accountId, string code)
    {
        if (code.Length > MaxLength)
            return null;
        if (await keys.FindAsync(accountId) is { } key && AuthenticatorCode.StepOf(key, code, time.GetUtcNow()) is { } step)
            return new(step, key);
        var hash = HashOf(code);
        return await RecoveryCodesOf(accountId).AnyAsync(t => t.Name == hash) ? new(null, hash) : null;
    }

    /// <summary>Uses up a code that is right.</summary>
    /// <returns>False if that code, or one of a later time step, has been used before.</returns>
    public async Task<bool> UseAsync(string accountId, SecondFactor found)
    {
        if (found.Step is not { } step)
            return await RecoveryCodesOf(accountId).Where(t => t.Name == found.Secret).ExecuteDeleteAsync() == 1;
        if (await database.Users.Where(a => a.Id == accountId && a.LastAuthenticatorStep < step)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.LastAuthenticatorStep, step)) == 0)
            return false;
        await keys.EncryptAsync(accountId, found.Secret);
        return true;
    }

    /// <summary>Gives the account an authenticator's key and recovery codes, in place of any that it had.</summary>
    public async Task ReplaceAsync(string accountId, string key, IEnumerable<string> recoveryCodes)
    {
        await ClearAsync(accountId);
        await keys.AddAsync(accountId, key);
        var added = recoveryCodes.Select(code =>
            database.UserTokens.Add(new() { UserId = accountId, LoginProvider = Recovery, Name = HashOf(code) })).ToList();
        await database.SaveChangesAsync();
        added.ForEach(token => token.State = EntityState.Detached);
    }

    /// <summary>Takes the account's key and codes away. The steps of a next key count from the beginning.</summary>
    public async Task ClearAsync(string accountId)
    {
        await database.UserTokens.Where(t => t.UserId == accountId).ExecuteDeleteAsync();
        await database.Users.Where(a => a.Id == accountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.LastAuthenticatorStep, 0));
    }

    public Task<int> CountRecoveryCodesAsync(string accountId) => RecoveryCodesOf(accountId).CountAsync();

    private IQueryable<IdentityUserToken<string>> RecoveryCodesOf(string accountId) =>
        database.UserTokens.Where(t => t.UserId == accountId && t.LoginProvider == Recovery);

    private static string HashOf(string code) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Plain(code))));

    /// <summary>Spaces, hyphens and the case of letters do not matter in a recovery code.</summary>
    private static string Plain(string code) => string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
}
