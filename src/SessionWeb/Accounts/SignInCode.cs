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
        // The account, if it is as it was when the password was right.
        var account = await database.Users.AsNoTracking().SingleOrDefaultAsync(a =>
            a.Id == pending.AccountId && a.SecurityStamp == pending.Stamp && a.Generation == pending.Generation && a.TwoFactorEnabled);
        var found = account is null ? null : await codes.FindAsync(account.Id, code);
        await using (var transaction = await database.Database.BeginTransactionAsync(IsolationLevel.Serializable))
        {
            var refusal = account is null ? SignInRefusal.Overtaken : found is null ? SignInRefusal.WrongCode : await AdmitAsync(pending, found);
            var refused = refusal is null ? null : await limit.RefuseAsync(pending.AccountId, refusal.Value, typedName: null);
            await transaction.CommitAsync();
            if (refused is not null)
                return refused;
        }
        return new SignInCheck { Account = account, Principal = await claims.CreateAsync(account!) };
    }

    /// <returns>Why not; nothing was written then.</returns>
    private async Task<SignInRefusal?> AdmitAsync(PendingSignIn pending, SecondFactor found)
    {
        var now = time.GetUtcNow();
        var open = limit.Open(pending.AccountId)
            .Where(a => a.SecurityStamp == pending.Stamp && a.Generation == pending.Generation && a.TwoFactorEnabled);
        if (!await open.AnyAsync())
            return SignInRefusal.Overtaken;
        if (!await codes.UseAsync(pending.AccountId, found))
            return SignInRefusal.UsedCode;
        await open.ExecuteUpdateAsync(set => set
            .SetProperty(a => a.LockoutEnd, (DateTimeOffset?)null)
            .SetProperty(a => a.AccessFailedCount, 0)
            .SetProperty(a => a.LastSignInAt, now));
        return null;
    }
}
