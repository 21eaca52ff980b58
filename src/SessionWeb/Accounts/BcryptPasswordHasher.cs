using System.Text.RegularExpressions;
using BCrypt.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace SessionWeb.Accounts;

/// <summary>
/// BCrypt.Net-Next behind Identity's interface. Its enhanced mode hashes base64(SHA-384(password)), so that the whole password counts:
/// bcrypt itself stops at 72 bytes and at NUL.
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
    /// Does what is left of the work that one verification at the configured cost takes, after <paramref name="hashedPassword"/> was verified
    /// (null: there was nothing to verify), so that the time taken tells nothing of the account.
    /// </summary>
    public void EvenOut(string? hashedPassword)
    {
        if (CostOf(hashedPassword) is not { } verified)
            Hash("", Cost);
        else // cost c, then c, c+1, … up to the last below the configured one add up to exactly that one
            for (var cost = verified; cost < Cost; cost++)
                Hash("", cost);
    }

    /// <summary>Takes 2^<paramref name="cost"/> key expansions, as verifying does.</summary>
    protected virtual string Hash(string password, int cost) =>
        BCrypt.Net.BCrypt.HashPassword(password, BCrypt.Net.BCrypt.GenerateSalt(cost, Revision), enhancedEntropy: true, PreHash);

    /// <param name="cost">That of the hash.</param>
    protected virtual bool Verify(string password, string hash, int cost) => BCrypt.Net.BCrypt.EnhancedVerify(password, hash, PreHash);

    /// <returns>Null if it is not a bcrypt hash.</returns>
    private static int? CostOf(string? hashedPassword) =>
        Format().Match(hashedPassword ?? "") is { Success: true } parts ? int.Parse(parts.Groups["cost"].ValueSpan) : null;

    [GeneratedRegex(@"\A\$2[aby]\$(?<cost>0[4-9]|1[0-9])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Format();
}
