using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

internal static class OwnSession
{
    /// <summary>Signs in with what was checked; refused where the account has moved on since.</summary>
    /// <exception cref="SignInRefusedException">It did not become a session.</exception>
    public static async Task SignInAsync(this HttpContext context, SignInCheck check, bool persistent)
    {
        try
        {
            await BeginAsync(context, check, persistent);
        }
        catch (SignInRefusedException refused) when (refused.Outcome == CreateOutcome.StaleGeneration)
        {
            var changes = context.RequestServices.GetRequiredService<AccountChanges>();
            if (!await changes.CatchUpAsync(check.Account!, refused.Generation))
                throw;
            check.Account!.Generation = refused.Generation;
            await BeginAsync(context, check, persistent);
        }
    }

    /// <summary>Begins a new session after a change that ended all sessions of the account, the current one included.</summary>
    /// <returns>False if there is no new session: the user has to sign in again, and the response is for an anonymous client.</returns>
    public static async Task<bool> ContinueAsync(this HttpContext context, SignInCheck check)
    {
        try
        {
            await context.SignInAsync(check, context.GetSession()!.Persistent);
            return true;
        }
        catch (Exception failure) when (failure is SignInRefusedException || SessionStoreUnavailableException.IsCauseOf(failure))
        {
            await context.SignOutAsync();
            context.User = new ClaimsPrincipal(new ClaimsIdentity());
            return false;
        }
    }

    private static Task BeginAsync(HttpContext context, SignInCheck check, bool persistent)
    {
        var properties = new AuthenticationProperties { IsPersistent = persistent };
        properties.SetGeneration(check.Generation);
        properties.SetClaimsVersion(check.ClaimsVersion);
        return context.SignInAsync(check.Principal!, properties);
    }
}
