using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Http;

/// <summary>
/// Creates the session when the stock cookie handler signs in, called by <c>HandleSignInAsync</c> of
/// <see cref="SessionCookieHandler"/>. It only stores: that handler reads and ends sessions itself, so that the stock
/// one never renews a session instead of creating a new one.
/// </summary>
internal sealed class SessionTicketStore(
    ISessionStore store, SessionCookieProtector protector, SessionScheme scheme, IOptions<SessionsOptions> options)
    : ITicketStore, ISecureDataFormat<AuthenticationTicket>
{
    public async Task<string> StoreAsync(
        AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken)
    {
        var accountId = ticket.Principal.FindFirst(options.Value.AccountIdClaimType)?.Value
            ?? throw new InvalidOperationException(
                $"The principal must have a claim of the type '{options.Value.AccountIdClaimType}' "
                + "(SessionsOptions.AccountIdClaimType), but has none.");
        var generation = ticket.Properties.GetGeneration();
        var persistent = ticket.Properties.IsPersistent;
        var lifetime = persistent ? options.Value.RememberMe : options.Value.AbsoluteTimeout;
        var token = SessionToken.New(AccountTag.For(accountId));
        var session = new NewSession
        {
            Key = token.Key,
            AccountId = accountId,
            AccountName = ticket.Principal.Identity?.Name ?? accountId,
            Device = httpContext.GetDevice(),
            IpAddress = httpContext.GetIpAddress(),
            Persistent = persistent,
            Generation = generation,
            ClaimsVersion = ticket.Properties.GetClaimsVersion(),
            IdleTimeout = persistent ? options.Value.RememberMe : options.Value.IdleTimeout,
            Lifetime = lifetime,
            MaxPerAccount = options.Value.MaxPerAccount,
            WhenFull = options.Value.WhenFull,
            Ticket = Serialize(ticket),
        };

        // Not canceled with the request: a sign-in must not be left half done.
        var created = await store.CreateAsync(session, CancellationToken.None);
        if (created.Outcome != CreateOutcome.Created)
            throw new SignInRefusedException(created.Outcome, created.Generation);
        var handlers = httpContext.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        ((SessionCookieHandler)(await handlers.GetHandlerAsync(httpContext, scheme.Name))!).SetSignInResult(
            new(created.Outcome, created.Generation)
            {
                Key = token.Key,
                Replaced = created.Replaced,
                Revocation = created.Replaced.Count > 0 ? created.Revocation : null,
            });
        return protector.Protect(token);
    }

    /// <summary>
    /// The stock handler passes a ticket whose only claim is what <c>StoreAsync</c> returned: the cookie's value.
    /// </summary>
    public string Protect(AuthenticationTicket data, string? purpose) => data.Principal.Claims.Single().Value;

    public string Protect(AuthenticationTicket data) => Protect(data, null);

    /// <returns>Always null: the class only stores.</returns>
    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => null;

    public AuthenticationTicket? Unprotect(string? protectedText) => null;

    public Task<string> StoreAsync(AuthenticationTicket ticket) => throw new NotSupportedException();

    public Task RenewAsync(string key, AuthenticationTicket ticket) => throw new NotSupportedException();

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => throw new NotSupportedException();

    public Task RemoveAsync(string key) => throw new NotSupportedException();

    // The store has the times. In the ticket they would become stale.
    internal static byte[] Serialize(AuthenticationTicket ticket)
    {
        var properties = ticket.Properties.Clone();
        properties.IssuedUtc = null;
        properties.ExpiresUtc = null;
        return TicketSerializer.Default.Serialize(new(ticket.Principal, properties, ticket.AuthenticationScheme));
    }
}
