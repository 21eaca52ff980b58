using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using SessionWeb.Sessions.Http;

namespace SessionWeb.Sessions;

/// <summary>What an app asks of a request, and tells at sign-in.</summary>
public static class SessionExtensions
{
    private const string GenerationParameter = "SessionWeb.Generation";
    private const string ClaimsVersionParameter = "SessionWeb.ClaimsVersion";

    /// <summary>The live session that this request came with; null for anybody else.</summary>
    public static Session? GetSession(this HttpContext context) => context.Features.Get<RequestSession>()?.Session;

    /// <summary>The key of the session that this request came with, or of the one that it just began by signing in.</summary>
    public static SessionKey? GetSessionKey(this HttpContext context) => context.Features.Get<RequestSession>()?.Key;

    /// <summary>How the session ended whose cookie this request came with; null if there was none, or it is live.</summary>
    public static SessionEnd? GetSessionEnd(this HttpContext context) => context.Features.Get<RequestSession>()?.Ending;

    /// <summary>
    /// The key of the session that has ended and whose cookie this request came with; null if there was none, or nothing is known of it any more.
    /// </summary>
    public static SessionKey? GetEndedSessionKey(this HttpContext context) => context.Features.Get<RequestSession>()?.Ended;

    /// <summary>The handles of the sessions that ended as <see cref="SessionEndReasons.Replaced"/> by the one that this request just began by signing in.</summary>
    public static IReadOnlyList<string> GetReplacedSessions(this HttpContext context) => context.Features.Get<RequestSession>()?.Replaced ?? [];

    /// <summary>
    /// Whether the sessions that this request ended by signing in or out are out of use on every node: the session that it came with, and those
    /// that the new one replaced. Null if it ended none.
    /// </summary>
    public static RevocationResult? GetRevocation(this HttpContext context) => context.Features.Get<RequestSession>()?.Revocation;

    /// <summary>The device that this request comes from, as its <see cref="Session.Device"/> would name it.</summary>
    public static string GetDevice(this HttpContext context) => DeviceName.FromUserAgent(context.Request.Headers.UserAgent.ToString());

    /// <summary>The address that this request comes from, as its <see cref="Session.IpAddress"/> would name it; empty if unknown.</summary>
    public static string GetIpAddress(this HttpContext context) =>
        // A dual-mode socket shows IPv4 addresses in their IPv6 clothes.
        (context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress)?.ToString() ?? "";

    /// <summary>
    /// Says which generation the account had before its credentials were checked, so that a sign-in that races the account's
    /// disabling is refused. Without it, no sign-in is refused for that reason.
    /// </summary>
    public static void SetGeneration(this AuthenticationProperties properties, long generation) =>
        properties.SetParameter<long?>(GenerationParameter, generation);

    /// <summary>
    /// Says which version the account's claims had before the principal was made from them, so that a change made meanwhile is not missed.
    /// Without it, the version is 0.
    /// </summary>
    public static void SetClaimsVersion(this AuthenticationProperties properties, long claimsVersion) =>
        properties.SetParameter<long?>(ClaimsVersionParameter, claimsVersion);

    internal static long GetClaimsVersion(this AuthenticationProperties properties) =>
        properties.GetParameter<long?>(ClaimsVersionParameter) ?? 0;

    internal static long? GetGeneration(this AuthenticationProperties properties) => properties.GetParameter<long?>(GenerationParameter);
}

/// <summary>What is known of a request's session.</summary>
internal sealed record RequestSession(SessionKey? Key, Session? Session = null, SessionEnd? Ending = null)
{
    public SessionKey? Ended { get; init; }

    public IReadOnlyList<string> Replaced { get; init; } = [];

    public RevocationResult? Revocation { get; init; }
}
