using System.Security.Claims;

namespace SessionWeb.Sessions;

/// <summary>
/// The source of current claims for sessions whose claims are stale
/// (<see cref="ISessionStore.InvalidateClaimsAsync"/>). Such a session continues with the current claims on its next
/// request, on any node, without a new sign-in.
/// </summary>
public interface ISessionClaims
{
    /// <summary>The account's current claims.</summary>
    /// <returns>
    /// Null if the account may no longer sign in: then the session ends as
    /// <see cref="SessionEndReasons.AccountDisabled"/>. An exception fails the request, and the session continues.
    /// </returns>
    Task<ClaimsPrincipal?> GetAsync(string accountId, CancellationToken cancellationToken);
}
