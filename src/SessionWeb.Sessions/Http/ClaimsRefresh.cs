using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Http;

/// <summary>Reloads the claims of a session that are stale, and renews the session's id where the account gained a role (ASVS 7.2.4).</summary>
internal sealed class ClaimsRefresh(ISessionStore store, IServiceScopeFactory scopes, IOptions<SessionsOptions> options)
{
    /// <param name="session">The session.</param>
    /// <param name="ticket">Its ticket, with the stale claims.</param>
    /// <param name="claimsVersion">The version of the claims to load.</param>
    /// <param name="canRenew">Whether the response can still carry a cookie.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The ticket to continue with, null if the session has ended; and the session's new token if its id was renewed.</returns>
    public async Task<(AuthenticationTicket? Ticket, SessionToken? Renewed)> RefreshAsync(
        Session session, AuthenticationTicket ticket, long claimsVersion, bool canRenew, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (scope.ServiceProvider.GetService<ISessionClaims>() is not { } claims)
            return (ticket, null);
        if (await claims.GetAsync(session.AccountId, cancellationToken) is not { } principal)
        {
            await store.EndAsync(session.Key.Account, session.Handle, new(SessionEndReasons.AccountDisabled), CancellationToken.None);
            return (null, null);
        }

        var fresh = new AuthenticationTicket(principal, ticket.Properties, ticket.AuthenticationScheme);
        SessionToken? renewed = Roles(principal).Except(Roles(ticket.Principal)).Any() ? SessionToken.Renew(session.Key) : null;
        // Not stored without the new id: the next request stores and renews.
        if (renewed is not null && !canRenew)
            return (fresh, null);

        // Other requests of the session may do the same at the same time: the first one stores the claims and gets the new id. It is not
        // canceled with the request, whose response is the only one that can carry the id.
        var replacement = new TicketReplacement
        {
            Ticket = SessionTicketStore.Serialize(fresh),
            ClaimsVersion = claimsVersion,
            RenewedKey = renewed?.Key,
            FormerKeyGrace = options.Value.FormerIdGrace,
        };
        return await store.ReplaceTicketAsync(session.Key, replacement, CancellationToken.None) switch
        {
            ReplaceOutcome.Renewed => (fresh, renewed),
            ReplaceOutcome.Replaced or ReplaceOutcome.Kept => (fresh, null),
            _ => (null, null),
        };
    }

    private static IEnumerable<string> Roles(ClaimsPrincipal principal) =>
        principal.Identities.SelectMany(identity => identity.FindAll(identity.RoleClaimType)).Select(role => role.Value);
}
