using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SessionWeb.Audit;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>
/// Locks accounts after failed sign-ins, and selects the accounts that may sign in. Wrong passwords and codes count
/// together.
/// </summary>
internal sealed class SignInLimit(
    AppDbContext database, AuditLog audit, IOptions<IdentityOptions> identity, IHostEnvironment environment,
    TimeProvider time)
{
    // Demo passwords are published, so they are valid only in Development.
    private readonly bool _allowsDemo = environment.IsDevelopment();

    /// <summary>Counts a refused sign-in and records it in the audit log, in the caller's transaction.</summary>
    /// <remarks>The statements are the same for every reason and for a name without an account.</remarks>
    /// <param name="accountId">Null if there is no such account.</param>
    /// <param name="refusal">The reason, unless the state of the account is the reason.</param>
    /// <param name="typedName">The name for the entry if there is no account.</param>
    /// <param name="details">The entry's details.</param>
    public async Task<SignInCheck> RefuseAsync(
        string? accountId, SignInRefusal refusal, string? typedName, string? details = null)
    {
        var id = accountId ?? "";
        var account = await database.Users.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, CancellationToken.None);
        var check = new SignInCheck
        {
            Account = account,
            Refusal = RefusalOf(account) ?? refusal,
            // The correct password of a disabled account is not a guess, so it does not count.
            Locked = await CountFailureAsync(
                id, refusal != SignInRefusal.Overtaken || RefusalOf(account) != SignInRefusal.Disabled),
        };
        var entry = new AuditEntry
        {
            Event = AuditEvents.SignInRefused,
            AccountId = account?.Id,
            AccountName = account?.UserName ?? typedName,
            Reason = check.Refusal.Value.Code(),
            Details = details,
        };
        if (check.Locked)
        {
            await audit.WriteAsync(
                entry, entry with { Event = AuditEvents.AccountLocked, Reason = null, Details = null });
        }
        else
        {
            await audit.WriteAsync(entry);
        }

        return check;
    }

    /// <summary>Selects the account if it may sign in now.</summary>
    public IQueryable<Account> IfAllowed(string accountId)
    {
        var now = time.GetUtcNow();
        return Allowed().Where(a => a.Id == accountId
            && (a.LockoutEnd == null || a.LockoutEnd <= now)
            && (a.DisabledAt == null || a.DisabledUntil <= now));
    }

    /// <summary>All accounts, without the demo accounts outside Development.</summary>
    public IQueryable<Account> Allowed() => database.Users.Where(a => _allowsDemo || a.IsDemo != true);

    private SignInRefusal? RefusalOf(Account? account)
    {
        var now = time.GetUtcNow();
        return account switch
        {
            null => null,
            _ when account.IsDisabledAt(now) => SignInRefusal.Disabled,
            { LockoutEnd: { } end } when now < end => SignInRefusal.Locked,
            { IsDemo: true } when !_allowsDemo => SignInRefusal.DemoPassword,
            _ => null,
        };
    }

    /// <remarks>
    /// Failures while the account is locked also count. They can prolong the lock, but never shorten it.
    /// </remarks>
    /// <param name="id">The account. Empty if there is none.</param>
    /// <param name="counts">False to write nothing at the same cost.</param>
    /// <returns>Whether this failure locked the account.</returns>
    private async Task<bool> CountFailureAsync(string id, bool counts)
    {
        var now = time.GetUtcNow();
        var max = identity.Value.Lockout.MaxFailedAccessAttempts;
        var until = now + identity.Value.Lockout.DefaultLockoutTimeSpan;
        var stamp = Guid.NewGuid().ToString();
        await database.Users
            .Where(a => a.Id == id && counts)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(
                        a => a.LockoutEnd,
                        a => a.AccessFailedCount + 1 < max || a.LockoutEnd > until ? a.LockoutEnd : until)
                    .SetProperty(
                        a => a.ConcurrencyStamp, a => a.AccessFailedCount + 1 < max ? a.ConcurrencyStamp : stamp)
                    .SetProperty(
                        a => a.AccessFailedCount, a => a.AccessFailedCount + 1 < max ? a.AccessFailedCount + 1 : 0),
                CancellationToken.None);
        return await database.Users.AnyAsync(a => a.Id == id && a.ConcurrencyStamp == stamp, CancellationToken.None);
    }
}
