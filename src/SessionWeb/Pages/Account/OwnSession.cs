using Microsoft.AspNetCore.Authentication;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

internal static class OwnSession
{
    /// <summary>Signs in with what was checked; refused where the account has moved on since.</summary>
    /// <exception cref="SignInRefusedException">It did not become a session.</exception>
    public static Task SignInAsync(this HttpContext context, SignInCheck check, bool persistent)
    {
        var properties = new AuthenticationProperties { IsPersistent = persistent };
        properties.SetGeneration(check.Generation);
        properties.SetClaimsVersion(check.ClaimsVersion);
        return context.SignInAsync(check.Principal!, properties);
    }

    /// <summary>After a change of the own account: the person goes on under a new session id, and the other sessions end as the change says.</summary>
    public static async Task<Revocation> GoOnAsync(this HttpContext context, AccountChanges changes, OwnChanged changed)
    {
        await context.SignInAsync(changed.Check!, context.GetSession()!.Persistent);
        return await changes.EndOthersAsync(changed.Change!, changed.Check!.Account!, context.GetSessionKey()!.Value);
    }
}
