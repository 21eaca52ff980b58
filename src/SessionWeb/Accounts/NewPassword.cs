using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore.Query;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>Validates, hashes and sets new passwords.</summary>
internal sealed class NewPassword(
    UserManager<Account> accounts, IPasswordHasher<Account> hasher, PasswordHashQueue queue)
{
    /// <returns>Null if the password is acceptable.</returns>
    public async Task<IdentityResult?> ValidateAsync(Account account, string password)
    {
        foreach (var validator in accounts.PasswordValidators)
        {
            if (await validator.ValidateAsync(accounts, account, password) is { Succeeded: false } refused)
                return refused;
        }

        return null;
    }

    /// <exception cref="PasswordHashQueueFullException">The password was not hashed.</exception>
    public Task<string> HashAsync(Account account, string password, CancellationToken cancellationToken) =>
        queue.RunAsync(() => hasher.HashPassword(account, password), cancellationToken);

    /// <summary>Sets the hash, unlocks the account, and ends sign-ins that wait for a code.</summary>
    public static void Set(UpdateSettersBuilder<Account> set, string hash)
    {
        var stamp = Guid.NewGuid().ToString();
        set.SetProperty(a => a.PasswordHash, hash)
            .SetProperty(a => a.IsDemo, false)
            .SetProperty(a => a.SecurityStamp, stamp)
            .SetProperty(a => a.AccessFailedCount, 0)
            .SetProperty(a => a.LockoutEnd, (DateTimeOffset?)null);
    }
}
