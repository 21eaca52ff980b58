using System.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>A sign-in whose password was right and whose code is still wanted. It is no session, and opens nothing but the second step.</summary>
/// <param name="AccountId">Who it is.</param>
/// <param name="Stamp">The account's security stamp: another password or second factor puts an end to it.</param>
/// <param name="Generation">The account's generation, read before the password was verified.</param>
/// <param name="Persistent">Whether the person asked to be remembered.</param>
internal sealed record PendingSignIn(string AccountId, string? Stamp, long Generation, bool Persistent)
{
    public static PendingSignIn Of(SignInCheck check, bool persistent) => new(check.Account!.Id, check.Account.SecurityStamp, check.Generation, persistent);
}

/// <summary>The second step of a sign-in, where the code is checked.</summary>
/// <remarks>
/// As with passwords, the verdict is that of one transaction, made after the code was verified and conditional on the account as it is
/// then: it uses the code up, so that of two who come with the same one, only one gets in.
/// </remarks>
internal sealed class SignInCode(
    AppDbContext database, SignInLimit limit, TwoFactorCodes codes, IUserClaimsPrincipalFactory<Account> claims, TimeProvider time)
{
    public async Task<SignInCheck> CheckAsync(PendingSignIn pending, string code)
    {
        if (await Account(pending).SingleOrDefaultAsync() is not { } account)
            return new SignInCheck { Account = await OfAsync(pending), Refusal = SignInRefusal.Overtaken };
        if (limit.RefusalOf(account) is { } refusal)
            return new SignInCheck { Account = account, Refusal = refusal };
        if (!await codes.AreRightAsync(account, code))
            return await RefuseAsync(account, SignInRefusal.WrongCode);
        return await AdmitAsync(pending, account, code) switch
        {
            null => new SignInCheck { Account = account, Principal = await claims.CreateAsync(account) },
            SignInRefusal.UsedCode => await RefuseAsync(account, SignInRefusal.UsedCode),
            var other => new SignInCheck { Account = account, Refusal = limit.RefusalOf(await OfAsync(pending)) ?? other },
        };
    }

    private async Task<SignInRefusal?> AdmitAsync(PendingSignIn pending, Account account, string code)
    {
        var now = time.GetUtcNow();
        await using var transaction = await database.Database.BeginTransactionAsync(IsolationLevel.Serializable);
        var admitted = await limit.Open(account.Id)
            .Where(a => a.SecurityStamp == pending.Stamp && a.Generation == pending.Generation && a.TwoFactorEnabled)
            .ExecuteUpdateAsync(set => set
                .SetProperty(a => a.LockoutEnd, (DateTimeOffset?)null)
                .SetProperty(a => a.AccessFailedCount, 0)
                .SetProperty(a => a.LastSignInAt, now));
        if (admitted == 0)
            return SignInRefusal.Overtaken;
        if (!await codes.UseAsync(account, code))
            return SignInRefusal.UsedCode;
        await transaction.CommitAsync();
        return null;
    }

    private async Task<SignInCheck> RefuseAsync(Account account, SignInRefusal refusal)
    {
        var locked = await limit.CountFailureAsync(account);
        return new SignInCheck { Account = account, Locked = locked, Refusal = refusal };
    }

    /// <summary>The account, if it is as it was when the password was right.</summary>
    private IQueryable<Account> Account(PendingSignIn pending) => database.Users.AsNoTracking().Where(a =>
        a.Id == pending.AccountId && a.SecurityStamp == pending.Stamp && a.Generation == pending.Generation && a.TwoFactorEnabled);

    private Task<Account?> OfAsync(PendingSignIn pending) => database.Users.AsNoTracking().SingleOrDefaultAsync(a => a.Id == pending.AccountId);
}
