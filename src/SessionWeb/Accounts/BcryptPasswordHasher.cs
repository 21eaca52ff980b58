using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Org.BouncyCastle.Crypto.Generators;

namespace SessionWeb.Accounts;

/// <summary>
/// bcrypt over base64(SHA-384(password)), so that the whole password counts: bcrypt itself stops at 72 bytes and at NUL.
/// The hashes are those of BCrypt.Net-Next's <c>EnhancedHashPassword</c> with SHA-384.
/// </summary>
internal sealed partial class BcryptPasswordHasher(IOptions<AccountOptions> options) : IPasswordHasher<Account>
{
    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private int Cost => options.Value.BcryptCost;

    public string HashPassword(Account user, string password) => Hash(password, RandomNumberGenerator.GetBytes(16), Cost);

    public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
    {
        var parts = Format().Match(hashedPassword ?? "");
        if (!parts.Success)
            return PasswordVerificationResult.Failed;
        var cost = int.Parse(parts.Groups["cost"].ValueSpan, CultureInfo.InvariantCulture);
        var computed = Hash(providedPassword, SaltOf(parts.Groups["salt"].Value), cost);
        // All but the revision: 2a, 2b and 2y differ in name only.
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(computed, 4, 56), Encoding.ASCII.GetBytes(hashedPassword!, 4, 56)))
            return PasswordVerificationResult.Failed;
        return cost == Cost ? PasswordVerificationResult.Success : PasswordVerificationResult.SuccessRehashNeeded;
    }

    /// <summary>
    /// Does what is left of the work that one verification at the configured cost takes, after <paramref name="hashedPassword"/> was verified
    /// (null: there was nothing to verify), so that the time taken tells nothing of the account.
    /// </summary>
    public void EvenOut(string? hashedPassword)
    {
        var parts = Format().Match(hashedPassword ?? "");
        var salt = new byte[16];
        if (!parts.Success)
            Hash("", salt, Cost);
        else // cost c, then c, c+1, … up to the last below the configured one add up to exactly that one
            for (var cost = int.Parse(parts.Groups["cost"].ValueSpan, CultureInfo.InvariantCulture); cost < Cost; cost++)
                Hash("", salt, cost);
    }

    private static string Hash(string password, byte[] salt, int cost)
    {
        var condensed = Convert.ToBase64String(SHA384.HashData(Encoding.UTF8.GetBytes(password)));
        return OpenBsdBCrypt.Generate("2b", condensed.ToCharArray(), salt, cost);
    }

    private static byte[] SaltOf(string text) =>
        Base64Url.DecodeFromChars(string.Concat(text.Select(c => Base64Alphabet[Alphabet.IndexOf(c, StringComparison.Ordinal)])));

    [GeneratedRegex(@"\A\$2[aby]\$(?<cost>0[4-9]|1[0-9])\$(?<salt>[./A-Za-z0-9]{21}[.Oeu])[./A-Za-z0-9]{31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Format();
}
