using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>Who may not sign in just now, and how failures lead to that: wrong passwords and wrong codes count together.</summary>
internal sealed class SignInLimit(AppDbContext database, IOptions<IdentityOptions> identity, TimeProvider time)
{
    public SignInRefusal? RefusalOf(Account? account)
    {
        var now = time.GetUtcNow();
        return account switch
        {
            null => SignInRefusal.UnknownName,
            _ when account.IsDisabledAt(now) => SignInRefusal.Disabled,
            { LockoutEnd: { } end } when now < end => SignInRefusal.Locked,
            _ => null,
        };
    }

    /// <remarks>Also where there is no account, as one write.</remarks>
    /// <returns>Whether it was this failure that locked the account.</returns>
    public async Task<bool> CountFailureAsync(Account? account)
    {
        var now = time.GetUtcNow();
        var max = identity.Value.Lockout.MaxFailedAccessAttempts;
        var until = now + identity.Value.Lockout.DefaultLockoutTimeSpan;
        var (id, stamp) = (account?.Id ?? "", Guid.NewGuid().ToString());
        await database.Users
            .Where(a => a.Id == id && (a.LockoutEnd == null || a.LockoutEnd <= now))
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(a => a.LockoutEnd, a => a.AccessFailedCount + 1 < max ? a.LockoutEnd : until)
                    .SetProperty(a => a.ConcurrencyStamp, a => a.AccessFailedCount + 1 < max ? a.ConcurrencyStamp : stamp)
                    .SetProperty(a => a.AccessFailedCount, a => a.AccessFailedCount + 1 < max ? a.AccessFailedCount + 1 : 0),
                CancellationToken.None);
        return await database.Users.AnyAsync(a => a.Id == id && a.ConcurrencyStamp == stamp, CancellationToken.None);
    }

    /// <summary>The account, as long as it may sign in.</summary>
    public IQueryable<Account> Open(string accountId)
    {
        var now = time.GetUtcNow();
        return database.Users.Where(a => a.Id == accountId && (a.LockoutEnd == null || a.LockoutEnd <= now) && (a.DisabledAt == null || a.DisabledUntil <= now));
    }
}
