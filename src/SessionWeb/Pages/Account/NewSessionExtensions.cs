using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using SessionWeb.Accounts;
using SessionWeb.Revocations;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>Creates sessions for the user of the request.</summary>
internal static class NewSessionExtensions
{
    /// <summary>Signs in with checked credentials. Refused if the account has changed since.</summary>
    public static async Task<SessionSignInResult> BeginSessionAsync(
        this HttpContext context, SignInCheck check, bool persistent)
    {
        var result = await CreateAsync(context, check, persistent);
        if (result.Outcome != CreateOutcome.StaleGeneration)
            return result;
        var changes = context.RequestServices.GetRequiredService<AccountChanges>();
        if (!await changes.RaiseGenerationAsync(check.Account!, result.Generation))
            return result;
        check.Account!.Generation = result.Generation;
        return await CreateAsync(context, check, persistent);
    }

    /// <summary>
    /// Creates a new session after a change that ended all sessions of the account, the current one included.
    /// </summary>
    /// <returns>
    /// Null if there is no new session: the user has to sign in again, and the response is for an anonymous client.
    /// </returns>
    public static async Task<SessionSignInResult?> BeginSessionAfterChangeAsync(
        this HttpContext context, SignInCheck check)
    {
        try
        {
            if (await context.BeginSessionAsync(check, context.GetSession()!.Persistent)
                is { Outcome: CreateOutcome.Created } result)
            {
                return result;
            }
        }
        catch (Exception failure) when (SessionStoreUnavailableException.IsCauseOf(failure))
        {
        }
        await context.SignOutAsync();
        context.User = new ClaimsPrincipal(new ClaimsIdentity());
        return null;
    }

    private static Task<SessionSignInResult> CreateAsync(HttpContext context, SignInCheck check, bool persistent)
    {
        var properties = new AuthenticationProperties { IsPersistent = persistent };
        properties.SetGeneration(check.Generation);
        properties.SetClaimsVersion(check.ClaimsVersion);
        return context.SignInSessionAsync(check.Principal!, properties);
    }
}
