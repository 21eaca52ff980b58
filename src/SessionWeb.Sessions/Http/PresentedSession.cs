using SessionWeb.Sessions.Caching;

namespace SessionWeb.Sessions.Http;

/// <summary>The session of a request's cookie. The default value is an anonymous request.</summary>
/// <param name="Key">The session's key; null without one.</param>
/// <param name="Loaded">The session, live or ended.</param>
/// <param name="Unavailable">Why the session cannot be read.</param>
internal readonly record struct PresentedSession(
    SessionKey? Key, LoadedSession? Loaded = null, SessionStoreUnavailableException? Unavailable = null)
{
    public Session? Session => Loaded?.Read.Session;

    /// <summary>How the session ended; null if it is live, or the store does not know it.</summary>
    public SessionEnd? End => Loaded?.Read.End;

    public bool HasEnded => Loaded is { Read.Session: null };
}
