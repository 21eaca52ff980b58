using System.Security.Claims;

namespace SessionWeb.Sessions;

/// <summary>
/// Where the claims of a session come from when those in its ticket are out of date (<see
/// cref="ISessionStore.InvalidateClaimsAsync"/>): the session goes on with the new ones, on its next request on any
/// node, without a new sign-in.
/// </summary>
public interface ISessionClaims
{
    /// <summary>The account's claims as they are now.</summary>
    /// <returns>
    /// Null if the account may not be signed in any more: the session ends then, as <see
    /// cref="SessionEndReasons.AccountDisabled"/>.
    /// </returns>
    Task<ClaimsPrincipal?> GetAsync(string accountId, CancellationToken cancellationToken);
}
