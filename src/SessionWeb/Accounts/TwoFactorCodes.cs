using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>
/// The codes of the second step. Those of authenticator apps (RFC 6238) are Identity's to verify, and good once: which were used is kept as
/// long as they could be used again. Recovery codes are 120 random bits, kept as their SHA-256 until they are used.
/// </summary>
/// <remarks>What uses up a code belongs into the transaction that signs in with it.</remarks>
internal sealed class TwoFactorCodes(AppDbContext database, UserManager<Account> accounts, IUserStore<Account> store, TimeProvider time)
{
    public const int MaxLength = 64;
    public const int RecoveryCodes = 10;

    private const string Used = "UsedCode";
    private const string Recovery = "RecoveryCode";
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    // Identity takes codes of two steps of 30 seconds before and after this one's.
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(3);

    public string NewKey() => accounts.GenerateNewAuthenticatorKey();

    public static IReadOnlyList<string> NewRecoveryCodes() => [.. Enumerable.Range(0, RecoveryCodes)
        .Select(_ => string.Join('-', Enumerable.Range(0, 6).Select(_ => RandomNumberGenerator.GetString(Alphabet, 4))))];

    /// <summary>Whether the account has such a code; it is not used up.</summary>
    public async Task<bool> AreRightAsync(Account account, string code)
    {
        if (code.Length > MaxLength)
            return false;
        var hash = HashOf(code);
        return await accounts.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, Plain(code))
            || await OfKind(account.Id, Recovery).AnyAsync(t => t.Name == hash);
    }

    /// <summary>Uses up a code that is right.</summary>
    /// <returns>False if that has been done before.</returns>
    public async Task<bool> UseAsync(Account account, string code)
    {
        var hash = HashOf(code);
        if (await OfKind(account.Id, Recovery).Where(t => t.Name == hash).ExecuteDeleteAsync() == 1)
            return true;
        var now = time.GetUtcNow();
        var over = Moment(now - Validity);
        await OfKind(account.Id, Used).Where(t => string.Compare(t.Value, over) < 0).ExecuteDeleteAsync();
        if (await OfKind(account.Id, Used).AnyAsync(t => t.Name == hash) || !await accounts.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, Plain(code)))
            return false;
        await AddAsync(account.Id, Used, [hash], Moment(now));
        return true;
    }

    /// <summary>Gives the account an authenticator's key and recovery codes, in place of any that it had.</summary>
    public async Task ReplaceAsync(Account account, string key, IEnumerable<string> recoveryCodes)
    {
        await ClearAsync(account.Id);
        await ((IUserAuthenticatorKeyStore<Account>)store).SetAuthenticatorKeyAsync(account, key, CancellationToken.None);
        await database.SaveChangesAsync();
        await AddAsync(account.Id, Recovery, recoveryCodes.Select(HashOf), null);
    }

    public Task ClearAsync(string accountId) => database.UserTokens.Where(t => t.UserId == accountId).ExecuteDeleteAsync();

    public Task<int> CountRecoveryCodesAsync(string accountId) => OfKind(accountId, Recovery).CountAsync();

    private IQueryable<IdentityUserToken<string>> OfKind(string accountId, string kind) =>
        database.UserTokens.Where(t => t.UserId == accountId && t.LoginProvider == kind);

    private async Task AddAsync(string accountId, string kind, IEnumerable<string> names, string? value)
    {
        var added = names.Select(name => database.UserTokens.Add(new() { UserId = accountId, LoginProvider = kind, Name = name, Value = value })).ToList();
        await database.SaveChangesAsync();
        added.ForEach(token => token.State = EntityState.Detached);
    }

    private static string HashOf(string code) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Plain(code))));

    /// <summary>As people type codes does not matter: spaces, hyphens, small letters.</summary>
    private static string Plain(string code) => string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    // Of one length for as long as it matters, so that texts are in the order of times.
    private static string Moment(DateTimeOffset at) => $"{at.ToUnixTimeMilliseconds():D15}";
}
