using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Http;

/// <summary>Reloads stale claims, and renews the session's id if the account gained a role (ASVS 7.2.4).</summary>
internal sealed class ClaimsRefresh(
    ISessionStore store, IServiceScopeFactory scopes, SessionCookieProtector protector,
    IOptions<SessionsOptions> options)
{
    /// <param name="session">The session.</param>
    /// <param name="ticket">Its ticket, with the stale claims.</param>
    /// <param name="claimsVersion">The version of the claims to load.</param>
    /// <param name="canRenew">Whether the response can still carry a cookie.</param>
    /// <param name="cancellationToken">Cancels loading the claims.</param>
    /// <returns>
    /// The ticket to continue with, and the session if its id was renewed. No ticket if the session has ended, which it
    /// also does here if its account may no longer sign in.
    /// </returns>
    public async Task<(AuthenticationTicket? Ticket, RenewedSession? Renewed)> RefreshAsync(
        Session session, AuthenticationTicket ticket, long claimsVersion, bool canRenew,
        CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (scope.ServiceProvider.GetService<ISessionClaims>() is not { } claims)
            return (ticket, null);
        if (await claims.GetAsync(session.AccountId, cancellationToken) is not { } principal)
        {
            await store.EndAsync(
                session.Key.Account, session.Handle, new(SessionEndReasons.AccountDisabled), CancellationToken.None);
            return (null, null);
        }

        var refreshed = new AuthenticationTicket(principal, ticket.Properties, ticket.AuthenticationScheme);
        SessionToken? renewed = Roles(principal).Except(Roles(ticket.Principal)).Any()
            ? SessionToken.Renew(session.Key)
            : null;
        // Nothing is stored without the new id. The next request stores and renews.
        if (renewed is not null && !canRenew)
            return (refreshed, null);

        // Parallel requests of the session may do the same. The first one stores the claims and gets the new id. It is
        // not canceled with the request, whose response is the only one that can carry the id.
        var replacement = new TicketReplacement
        {
            Ticket = SessionTicketStore.Serialize(refreshed),
            ClaimsVersion = claimsVersion,
            RenewedKey = renewed?.Key,
            FormerKeyGrace = options.Value.FormerIdGrace,
        };
        return await store.ReplaceTicketAsync(session.Key, replacement, CancellationToken.None) switch
        {
            ReplaceOutcome.Renewed when renewed is { } token =>
                (refreshed, new(session with { Key = token.Key }, protector.Protect(token))),
            ReplaceOutcome.NoSession => (null, null),
            _ => (refreshed, null),
        };
    }

    private static IEnumerable<string> Roles(ClaimsPrincipal principal) =>
        principal.Identities
            .SelectMany(identity => identity.FindAll(identity.RoleClaimType))
            .Select(role => role.Value);
}

/// <summary>
/// A session whose id was renewed. The response carries the new id, unless the request signs in or out.
/// </summary>
internal sealed record RenewedSession(Session Session, string CookieValue);
