namespace SessionWeb.Sessions.Http;

/// <summary>The session of a request.</summary>
/// <param name="Key">The key of the live session.</param>
/// <param name="Session">The live session as it was at the start of the request.</param>
/// <param name="End">How the session of the request's cookie ended, if it did.</param>
/// <param name="EndedKey">The key of the ended session, if the store still knows how it ended.</param>
internal sealed record SessionFeature(
    SessionKey? Key = null, Session? Session = null, SessionEnd? End = null, SessionKey? EndedKey = null);
