using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>Creates sessions for the user of the request.</summary>
internal static class OwnSession
{
    /// <summary>Creates the session of a checked sign-in.</summary>
    /// <exception cref="SignInRefusedException">The account changed meanwhile, or has too many sessions.</exception>
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

    /// <summary>Creates a new session after a change that ended all sessions of the account.</summary>
    /// <returns>False if that failed. The response is then anonymous, and the user has to sign in again.</returns>
    public static async Task<bool> ContinueAsync(this HttpContext context, SignInCheck check)
    {
        try
        {
            await context.SignInAsync(check, context.GetSession()!.Persistent);
            return true;
        }
        catch (Exception failure) when (
            failure is SignInRefusedException || SessionStoreUnavailableException.IsCauseOf(failure))
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
