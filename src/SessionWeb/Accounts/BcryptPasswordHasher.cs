using System.Text.RegularExpressions;
using BCrypt.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>
/// Hashes passwords with BCrypt.Net-Next. Its enhanced mode hashes base64(SHA-384(password)), so that the whole
/// password is significant: bcrypt itself ignores everything after 72 bytes or a NUL.
/// </summary>
internal partial class BcryptPasswordHasher(IOptions<AccountOptions> options) : IPasswordHasher<Account>
{
    private const HashType PreHash = HashType.SHA384;
    private const char Revision = 'b';

    private int Cost => options.Value.BcryptCost;

    public string HashPassword(Account user, string password) => Hash(password, Cost);

    public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
    {
        if (CostOf(hashedPassword) is not { } cost || !Verify(providedPassword, hashedPassword, cost))
            return PasswordVerificationResult.Failed;
        return cost == Cost ? PasswordVerificationResult.Success : PasswordVerificationResult.SuccessRehashNeeded;
    }

    /// <summary>
    /// Performs the remaining work of a verification at the configured cost, so that the time reveals nothing about the
    /// account. Call it after <paramref name="hashedPassword"/> was verified. Null means that there was nothing to
    /// verify.
    /// </summary>
    public void EqualizeWork(string? hashedPassword)
    {
        if (CostOf(hashedPassword) is not { } verified)
        {
            Hash("", Cost);
        }
        else // 2^c + 2^c + 2^(c+1) + … + 2^(cost-1) = 2^cost
        {
            for (var cost = verified; cost < Cost; cost++)
                Hash("", cost);
        }
    }

    /// <summary>Performs 2^<paramref name="cost"/> key expansions, as verification does.</summary>
    protected virtual string Hash(string password, int cost) =>
        BCrypt.Net.BCrypt.HashPassword(
            password, BCrypt.Net.BCrypt.GenerateSalt(cost, Revision), enhancedEntropy: true, PreHash);

    /// <param name="password">The password.</param>
    /// <param name="hash">The hash.</param>
    /// <param name="cost">The cost of the hash.</param>
    protected virtual bool Verify(string password, string hash, int cost) =>
        BCrypt.Net.BCrypt.EnhancedVerify(password, hash, PreHash);

    /// <returns>Null if this is not a bcrypt hash.</returns>
    private static int? CostOf(string? hashedPassword) =>
        Format().Match(hashedPassword ?? "") is { Success: true } parts
            ? int.Parse(parts.Groups["cost"].ValueSpan)
            : null;

    [GeneratedRegex(
        @"\A\$2[aby]\$(?<cost>0[4-9]|1[0-9])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31}\z",
        RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Format();
}
