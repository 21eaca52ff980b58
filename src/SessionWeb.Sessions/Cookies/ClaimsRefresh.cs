using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace SessionWeb.Sessions.Cookies;

/// <summary>Gives a session whose claims are out of date those of today.</summary>
internal sealed class ClaimsRefresh(ISessionStore store, IServiceScopeFactory scopes)
{
    /// <returns>The ticket to go on with; null if the session has ended.</returns>
    public async Task<AuthenticationTicket?> RefreshAsync(
        Session session, AuthenticationTicket ticket, long claimsVersion, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (scope.ServiceProvider.GetService<ISessionClaims>() is not { } claims)
            return ticket;
        if (await claims.GetAsync(session.AccountId, cancellationToken) is not { } principal)
        {
            await store.EndAsync(session.Key.Account, session.Handle, new(EndReasons.AccountDisabled), CancellationToken.None);
            return null;
        }

        // Other requests of the session may do the same at the same time: all of them write what the version says, or later.
        var fresh = new AuthenticationTicket(principal, ticket.Properties, ticket.AuthenticationScheme);
        return await store.ReplaceTicketAsync(session.Key, SessionTicketStore.Serialize(fresh), claimsVersion, cancellationToken) ? fresh : null;
    }
}
