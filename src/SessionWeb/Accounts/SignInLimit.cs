using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SessionWeb.Audit;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>Which accounts may not sign in at the moment, and how failures lead to that: wrong passwords and wrong codes count together.</summary>
internal sealed class SignInLimit(
    AppDbContext database, AuditLog audit, IOptions<IdentityOptions> identity, IHostEnvironment environment, TimeProvider time)
{
    // Demo passwords are published: they sign in nowhere else.
    private readonly bool _admitsDemo = environment.IsDevelopment();

    /// <summary>Counts a refused sign-in and records it in the audit log: part of the caller's transaction.</summary>
    /// <remarks>The statements are the same for every reason, and for a name without an account.</remarks>
    /// <param name="accountId">Null if there is no such account.</param>
    /// <param name="refusal">The reason, unless the state of the account is one.</param>
    /// <param name="typedName">The name in the entry where there is no account.</param>
    /// <param name="details">The entry's details.</param>
    public async Task<SignInCheck> RefuseAsync(string? accountId, SignInRefusal refusal, string? typedName, string? details = null)
    {
        var id = accountId ?? "";
        var account = await database.Users.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, CancellationToken.None);
        var check = new SignInCheck
        {
            Account = account,
            Refusal = RefusalOf(account) ?? refusal,
            // The right password of a disabled account is no guess: its owner waits for the account to be enabled.
            Locked = await CountFailureAsync(id, refusal != SignInRefusal.Overtaken || RefusalOf(account) != SignInRefusal.Disabled),
        };
        await audit.RefusedAsync(check, new()
        {
            Event = AuditEvents.SignInRefused,
            AccountId = account?.Id,
            AccountName = account?.UserName ?? typedName,
            Reason = check.Refusal.Value.Word(),
            Details = details,
        });
        return check;
    }

    /// <summary>The account, as long as it may sign in.</summary>
    public IQueryable<Account> Open(string accountId)
    {
        var now = time.GetUtcNow();
        return Admitted().Where(a => a.Id == accountId
            && (a.LockoutEnd == null || a.LockoutEnd <= now)
            && (a.DisabledAt == null || a.DisabledUntil <= now));
    }

    /// <summary>All accounts, without the demo accounts where they cannot sign in.</summary>
    public IQueryable<Account> Admitted() => database.Users.Where(a => _admitsDemo || a.IsDemo != true);

    private SignInRefusal? RefusalOf(Account? account)
    {
        var now = time.GetUtcNow();
        return account switch
        {
            null => null,
            _ when account.IsDisabledAt(now) => SignInRefusal.Disabled,
            { LockoutEnd: { } end } when now < end => SignInRefusal.Locked,
            { IsDemo: true } when !_admitsDemo => SignInRefusal.DemoPassword,
            _ => null,
        };
    }

    /// <remarks>Failures while the account is locked count, too. They can prolong the lock, and never shorten it.</remarks>
    /// <param name="id">The account; empty if there is none.</param>
    /// <param name="counts">False writes nothing, at the same cost.</param>
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
                    .SetProperty(a => a.LockoutEnd, a => a.AccessFailedCount + 1 < max || a.LockoutEnd > until ? a.LockoutEnd : until)
                    .SetProperty(a => a.ConcurrencyStamp, a => a.AccessFailedCount + 1 < max ? a.ConcurrencyStamp : stamp)
                    .SetProperty(a => a.AccessFailedCount, a => a.AccessFailedCount + 1 < max ? a.AccessFailedCount + 1 : 0),
                CancellationToken.None);
        return await database.Users.AnyAsync(a => a.Id == id && a.ConcurrencyStamp == stamp, CancellationToken.None);
    }
}
