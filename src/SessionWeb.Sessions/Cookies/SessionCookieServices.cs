using Microsoft.Extensions.Options;
using SessionWeb.Sessions.DataProtection;

namespace SessionWeb.Sessions.Cookies;

/// <summary>What the handler works with. A handler is made for each request; these are not.</summary>
internal sealed class SessionCookieServices(
    SessionCookieProtector protector, ISessionReader reader, ISessionStore store, TouchQueue touches, KeyRing keys, EndingNote note, ClaimsRefresh refresh,
    IOptions<SessionsOptions> options)
{
    public SessionCookieProtector Protector => protector;

    public ISessionReader Reader => reader;

    public ISessionStore Store => store;

    public TouchQueue Touches => touches;

    public KeyRing Keys => keys;

    public EndingNote Note => note;

    public ClaimsRefresh Refresh => refresh;

    public SessionsOptions Options { get; } = options.Value;
}
