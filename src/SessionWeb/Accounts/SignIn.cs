using System.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>The one place where a name and a password are checked; <see cref="SignInCode"/> is the second step where a code is wanted, too.</summary>
/// <remarks>
/// Every refusal costs the same: one lookup, the work of one hash, one transaction with the same statements, which counts the failure and
/// records it. The verdict is made in that transaction, after the password was verified and conditional on the account as it is then; so
/// guesses made in parallel fare as if they had come one after another.
/// It does not listen to a client that disconnects: a guess counts, however it ends.
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
    /// <param name="purpose">For the audit log, where the password is wrong: "to change …"; null at a sign-in.</param>
    /// <exception cref="PasswordHashQueueFullException">Nothing was checked.</exception>
    public async Task<SignInCheck> CheckAsync(
        string userName, string password, string? purpose = null, CancellationToken cancellationToken = default)
    {
        var isTooLong = userName.Length > AccountOptions.MaxUserNameLength || password.Length > AccountOptions.MaxPasswordLength;
        var account = isTooLong ? null : await FindAsync(userName, cancellationToken);
        var verified = isTooLong
            ? PasswordVerificationResult.Failed
            : await queue.RunAsync(() => Verify(account, password), cancellationToken);
        var isRight = verified != PasswordVerificationResult.Failed;

        await using (var transaction = await database.Database.BeginTransactionAsync(IsolationLevel.Serializable, CancellationToken.None))
        {
            var admitted = await AdmitAsync(account, isRight);
            var refusal = isTooLong ? SignInRefusal.TooLong
                : account is null ? SignInRefusal.UnknownName
                : isRight ? SignInRefusal.Overtaken
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
        // Also if the password is right: the account may be locked.
        hasher.EvenOut(account?.PasswordHash);
        return result;
    }

    private async Task<Account?> FindAsync(string userName, CancellationToken cancellationToken)
    {
        // Names with other characters do not exist, and some of them cannot even be normalized.
        var name = userName.All(accounts.Options.User.AllowedUserNameCharacters.Contains) ? accounts.NormalizeName(userName) : "";
        return await database.Users.AsNoTracking().SingleOrDefaultAsync(a => a.NormalizedUserName == name, cancellationToken);
    }

    /// <remarks>Where a code is wanted, too, the password alone clears no failures: whoever has it could guess codes without end.</remarks>
    private async Task<bool> AdmitAsync(Account? account, bool isRight)
    {
        var now = time.GetUtcNow();
        var (hash, needsCode) = (account?.PasswordHash, account?.TwoFactorEnabled == true);
        return await limit.Open(account?.Id ?? "")
            .Where(a => isRight && a.PasswordHash == hash && a.TwoFactorEnabled == needsCode)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(a => a.LockoutEnd, (DateTimeOffset?)null)
                    .SetProperty(a => a.AccessFailedCount, a => needsCode ? a.AccessFailedCount : 0)
                    .SetProperty(a => a.LastSignInAt, a => needsCode ? a.LastSignInAt : now),
                CancellationToken.None) == 1;
    }

    /// <summary>Replaces a hash of another cost, which only an admitted sign-in does: the extra time would tell that the password is right.</summary>
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
            // The next sign-in replaces it.
        }
    }
}
