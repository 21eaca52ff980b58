using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Caching;

namespace SessionWeb.Sessions.Http;

/// <summary>The services of <see cref="SessionCookieHandler"/> as one object: each request creates a handler.</summary>
internal sealed class SessionCookieServices(
    PresentedSessionReader presented, ISessionStore store, SessionActivityWriter activity, SessionEndCookie endCookie,
    ClaimsRefresh refresh, IOptions<SessionsOptions> options)
{
    public PresentedSessionReader Presented => presented;

    public ISessionStore Store => store;

    public SessionActivityWriter Activity => activity;

    public SessionEndCookie EndCookie => endCookie;

    public ClaimsRefresh Refresh => refresh;

    public SessionsOptions Options { get; } = options.Value;
}
