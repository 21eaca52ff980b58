using System.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>
/// A sign-in with a correct password that still needs a code. It authorizes nothing but the second step.
/// </summary>
/// <param name="AccountId">The account.</param>
/// <param name="Stamp">
/// The account's security stamp. A new password or second factor changes it, which cancels the sign-in.
/// </param>
/// <param name="Generation">The account's generation, read before the password was verified.</param>
/// <param name="Persistent">Whether the user asked to be remembered.</param>
internal sealed record PendingSignIn(string AccountId, string? Stamp, long Generation, bool Persistent)
{
    public static PendingSignIn Of(SignInCheck check, bool persistent) =>
        new(check.Account!.Id, check.Account.SecurityStamp, check.Generation, persistent);
}

/// <summary>Checks the code, which is the second step of a sign-in.</summary>
/// <remarks>
/// As with passwords, one transaction decides, after the code is verified, on the current state of the account. It uses
/// up the code, so that of two sign-ins with the same code only one succeeds.
/// </remarks>
internal sealed class SignInCode(
    AppDbContext database, SignInLimit limit, TwoFactorCodes codes, IUserClaimsPrincipalFactory<Account> claims,
    TimeProvider time)
{
    public async Task<SignInCheck> CheckAsync(PendingSignIn pending, string code)
    {
        // Only if the account has not changed since its password was verified.
        var account = await database.Users.AsNoTracking().SingleOrDefaultAsync(a =>
            a.Id == pending.AccountId && a.SecurityStamp == pending.Stamp && a.Generation == pending.Generation
                && a.TwoFactorEnabled);
        var found = account is null ? null : await codes.FindAsync(account.Id, code);
        await using (var transaction = await database.Database.BeginTransactionAsync(IsolationLevel.Serializable))
        {
            var refusal = account is null ? SignInRefusal.Overtaken
                : found is null ? SignInRefusal.WrongCode
                : await AdmitAsync(pending, found);
            var refused = refusal is null
                ? null
                : await limit.RefuseAsync(pending.AccountId, refusal.Value, typedName: null);
            await transaction.CommitAsync();
            if (refused is not null)
                return refused;
        }
        return new SignInCheck { Account = account, Principal = await claims.CreateAsync(account!) };
    }

    /// <returns>The reason of a refusal, in which case nothing is written. Null if the sign-in succeeds.</returns>
    private async Task<SignInRefusal?> AdmitAsync(PendingSignIn pending, SecondFactor found)
    {
        var now = time.GetUtcNow();
        var open = limit.IfAllowed(pending.AccountId)
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
