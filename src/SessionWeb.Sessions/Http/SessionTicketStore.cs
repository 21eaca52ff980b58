using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Http;

/// <summary>
/// Where the stock cookie handler's sign-in becomes a session. It is only ever asked to store:
/// <see cref="SessionCookieHandler"/> reads and ends sessions itself, so that the stock handler never knows of a session that it could
/// renew in place of making a new one.
/// </summary>
internal sealed class SessionTicketStore(ISessionStore store, SessionCookieProtector protector, IOptions<SessionsOptions> options)
    : ITicketStore, ISecureDataFormat<AuthenticationTicket>
{
    public async Task<string> StoreAsync(AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken)
    {
        var accountId = ticket.Principal.FindFirst(options.Value.AccountIdClaimType)?.Value
            ?? throw new InvalidOperationException(
                $"The principal that signs in has no claim '{options.Value.AccountIdClaimType}' (SessionsOptions.AccountIdClaimType).");
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

        // A person who leaves in the middle of a sign-in must not leave half of one behind.
        var created = await store.CreateAsync(session, CancellationToken.None);
        if (created.Outcome != CreateOutcome.Created)
            throw new SignInRefusedException(created.Outcome, created.Generation);
        httpContext.Features.Set(new RequestSession(token.Key)
        {
            Replaced = created.Replaced,
            Revocation = created.Replaced.Count > 0 ? created.Revocation : null,
        });
        return protector.Protect(token);
    }

    /// <summary>The stock handler hands over a ticket whose only claim is the key that it was given to store: the cookie's value.</summary>
    public string Protect(AuthenticationTicket data, string? purpose) => data.Principal.Claims.Single().Value;

    public string Protect(AuthenticationTicket data) => Protect(data, null);

    /// <summary>Nothing: see the remark on the class.</summary>
    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => null;

    public AuthenticationTicket? Unprotect(string? protectedText) => null;

    public Task<string> StoreAsync(AuthenticationTicket ticket) => throw new NotSupportedException();

    public Task RenewAsync(string key, AuthenticationTicket ticket) => throw new NotSupportedException();

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => throw new NotSupportedException();

    public Task RemoveAsync(string key) => throw new NotSupportedException();

    // Expiry lives in the store. A time in the ticket would only grow old there.
    internal static byte[] Serialize(AuthenticationTicket ticket)
    {
        var properties = ticket.Properties.Clone();
        properties.IssuedUtc = null;
        properties.ExpiresUtc = null;
        return TicketSerializer.Default.Serialize(new(ticket.Principal, properties, ticket.AuthenticationScheme));
    }
}
