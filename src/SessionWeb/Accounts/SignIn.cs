using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>The one place where a name and a password are checked; <see cref="SignInCode"/> is the second step where a code is wanted, too.</summary>
/// <remarks>
/// Every outcome costs the same: one lookup, one bcrypt hash, one write. The verdict is that one write's, made after the password was
/// verified and conditional on the account as it is then; so guesses made in parallel fare as if they had come one after another.
/// It does not listen to a client that disconnects: a guess counts, however it ends.
/// </remarks>
internal sealed class SignIn(
    AppDbContext database,
    UserManager<Account> accounts,
    BcryptPasswordHasher hasher,
    PasswordQueue queue,
    IUserClaimsPrincipalFactory<Account> claims,
    SignInLimit limit,
    TimeProvider time)
{
    /// <exception cref="TooManyPasswordsException">Nothing was checked.</exception>
    public async Task<SignInCheck> CheckAsync(string userName, string password, CancellationToken cancellationToken = default)
    {
        if (userName.Length > AccountOptions.MaxUserNameLength || password.Length > AccountOptions.MaxPasswordLength)
            return new SignInCheck { Refusal = SignInRefusal.TooLong };

        var account = await FindAsync(userName, cancellationToken);
        var (isRight, newHash) = await queue.RunAsync(() => Verify(account, password), cancellationToken);
        if (!isRight)
        {
            var locked = await limit.CountFailureAsync(account);
            return new SignInCheck
            {
                Account = account,
                Locked = locked,
                Refusal = account is null ? SignInRefusal.UnknownName : limit.RefusalOf(account) ?? SignInRefusal.WrongPassword,
            };
        }

        if (!await AdmitAsync(account!, newHash!))
            return new SignInCheck
            {
                Account = account,
                Refusal = limit.RefusalOf(await FindAsync(userName, cancellationToken)) ?? SignInRefusal.Overtaken,
            };
        return new SignInCheck { Account = account, Principal = await claims.CreateAsync(account!) };
    }

    private (bool IsRight, string? NewHash) Verify(Account? account, string password)
    {
        switch (hasher.VerifyHashedPassword(account ?? new Account(), account?.PasswordHash ?? "", password))
        {
            case PasswordVerificationResult.Failed:
                hasher.EvenOut(account?.PasswordHash);
                return (false, null);
            case PasswordVerificationResult.SuccessRehashNeeded:
                return (true, hasher.HashPassword(account!, password));
            default:
                return (true, account!.PasswordHash);
        }
    }

    private async Task<Account?> FindAsync(string userName, CancellationToken cancellationToken)
    {
        // Names with other characters do not exist, and some of them cannot even be normalized.
        var name = userName.All(accounts.Options.User.AllowedUserNameCharacters.Contains) ? accounts.NormalizeName(userName) : "";
        return await database.Users.AsNoTracking().SingleOrDefaultAsync(a => a.NormalizedUserName == name, cancellationToken);
    }

    /// <remarks>Where a code is wanted, too, the password alone clears no failures: whoever has it could guess codes without end.</remarks>
    private async Task<bool> AdmitAsync(Account account, string newHash)
    {
        var now = time.GetUtcNow();
        var complete = !account.TwoFactorEnabled;
        return await limit.Open(account.Id)
            .Where(a => a.PasswordHash == account.PasswordHash && a.TwoFactorEnabled == account.TwoFactorEnabled)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(a => a.PasswordHash, newHash)
                    .SetProperty(a => a.LockoutEnd, (DateTimeOffset?)null)
                    .SetProperty(a => a.AccessFailedCount, a => complete ? 0 : a.AccessFailedCount)
                    .SetProperty(a => a.LastSignInAt, a => complete ? now : a.LastSignInAt),
                CancellationToken.None) == 1;
    }
}
