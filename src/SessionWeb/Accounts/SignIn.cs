using System.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>
/// Checks user names and passwords. With two-factor sign-in, <see cref="SignInCode"/> is the second step.
/// </summary>
/// <remarks>
/// Every refusal costs the same: one lookup, the work of one hash, and one transaction with the same statements, which
/// counts and records the failure. That transaction decides, after the password is verified, on the current state of
/// the account. Parallel guesses therefore count as if they were sequential. A client that disconnects does not cancel
/// it, so every guess counts.
/// </remarks>
internal sealed class SignIn(
    AppDbContext database,
    UserManager<Account> accounts,
    BcryptPasswordHasher hasher,
    PasswordHashQueue queue,
    IUserClaimsPrincipalFactory<Account> claims,
    SignInLimit limit,
    TimeProvider time)
{
    /// <param name="userName">The user name.</param>
    /// <param name="password">The password.</param>
    /// <param name="purpose">For the audit log, if the password is wrong: "to change …". Null for a sign-in.</param>
    /// <param name="cancellationToken">Cancels the wait before the password is verified.</param>
    /// <exception cref="PasswordHashQueueFullException">Nothing was checked.</exception>
    public async Task<SignInCheck> CheckAsync(
        string userName, string password, string? purpose = null, CancellationToken cancellationToken = default)
    {
        var isTooLong = userName.Length > AccountOptions.MaxUserNameLength
            || password.Length > AccountOptions.MaxPasswordLength;
        var account = isTooLong ? null : await FindAsync(userName, cancellationToken);
        var verified = isTooLong
            ? PasswordVerificationResult.Failed
            : await queue.RunAsync(() => Verify(account, password), cancellationToken);
        var isCorrect = verified != PasswordVerificationResult.Failed;

        await using (var transaction = await database.Database.BeginTransactionAsync(
            IsolationLevel.Serializable, CancellationToken.None))
        {
            var admitted = await AdmitAsync(account, isCorrect, isSignIn: purpose is null);
            var refusal = isTooLong ? SignInRefusal.TooLong
                : account is null ? SignInRefusal.UnknownName
                : isCorrect ? SignInRefusal.Overtaken
                : SignInRefusal.WrongPassword;
            var refused = admitted ? null : await limit.RefuseAsync(account?.Id, refusal, userName, purpose);
            await transaction.CommitAsync(CancellationToken.None);
            if (refused is not null)
                return refused;
        }
        if (verified == PasswordVerificationResult.SuccessRehashNeeded)
            await RehashAsync(account!, password);
        return new SignInCheck { Account = account, Principal = await claims.CreateAsync(account!) };
    }

    private PasswordVerificationResult Verify(Account? account, string password)
    {
        var result = hasher.VerifyHashedPassword(account ?? new Account(), account?.PasswordHash ?? "", password);
        // Also if the password is correct: the account may be locked.
        hasher.EqualizeWork(account?.PasswordHash);
        return result;
    }

    private async Task<Account?> FindAsync(string userName, CancellationToken cancellationToken)
    {
        // No account has a name with other characters, and some of these names cannot be normalized.
        var name = userName.All(accounts.Options.User.AllowedUserNameCharacters.Contains)
            ? accounts.NormalizeName(userName)
            : "";
        return await database.Users.AsNoTracking()
            .SingleOrDefaultAsync(a => a.NormalizedUserName == name, cancellationToken);
    }

    /// <remarks>
    /// If a code is also required, the password alone does not reset the failures: otherwise its holder could guess
    /// codes without limit.
    /// </remarks>
    private async Task<bool> AdmitAsync(Account? account, bool isCorrect, bool isSignIn)
    {
        var now = time.GetUtcNow();
        var (hash, needsCode) = (account?.PasswordHash, account?.TwoFactorEnabled == true);
        return await limit.IfAllowed(account?.Id ?? "")
            .Where(a => isCorrect && a.PasswordHash == hash && a.TwoFactorEnabled == needsCode)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(a => a.LockoutEnd, (DateTimeOffset?)null)
                    .SetProperty(a => a.AccessFailedCount, a => needsCode ? a.AccessFailedCount : 0)
                    .SetProperty(a => a.LastSignInAt, a => needsCode || !isSignIn ? a.LastSignInAt : now),
                CancellationToken.None) == 1;
    }

    /// <summary>
    /// Replaces a hash of another cost. Only after a successful check: the extra time would reveal that the password is
    /// correct.
    /// </summary>
    private async Task RehashAsync(Account account, string password)
    {
        try
        {
            var hash = await queue.RunAsync(() => hasher.HashPassword(account, password), CancellationToken.None);
            await database.Users.Where(a => a.Id == account.Id && a.PasswordHash == account.PasswordHash)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordHash, hash), CancellationToken.None);
        }
        catch (PasswordHashQueueFullException)
        {
            // The next sign-in replaces the hash.
        }
    }
}
