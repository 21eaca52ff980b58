using Microsoft.Extensions.Options;
using SessionWeb.Sessions.Caching;
using SessionWeb.Sessions.DataProtection;

namespace SessionWeb.Sessions.Http;

/// <summary>What the handler works with. A handler is made for each request; these are not.</summary>
internal sealed class SessionCookieServices(
    SessionCookieProtector protector, ISessionReader reader, ISessionStore store, SessionActivityWriter touches, KeyRing keys, SessionEndCookie note, ClaimsRefresh refresh,
    IOptions<SessionsOptions> options)
{
    public SessionCookieProtector Protector => protector;

    public ISessionReader Reader => reader;

    public ISessionStore Store => store;

    public SessionActivityWriter Activity => touches;

    public KeyRing Keys => keys;

    public SessionEndCookie EndCookie => note;

    public ClaimsRefresh Refresh => refresh;

    public SessionsOptions Options { get; } = options.Value;
}
