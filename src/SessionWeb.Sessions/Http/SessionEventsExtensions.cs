using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using SessionWeb.Sessions.Http;

namespace SessionWeb.Sessions;

/// <summary>Tells open pages what becomes of their session.</summary>
public static class SessionEventsExtensions
{
    /// <summary>
    /// Maps a stream of server-sent events of the request's session, for an <c>EventSource</c>. Holding it open does
    /// not count as use.
    /// <list type="bullet">
    /// <item><c>revoked</c>, <c>{"reason":…,"message":…,"url":…}</c>: the session has ended, for whatever reason, its
    /// own expiry included. The page should go to <c>url</c>; where that is null, ask for itself again, so that the
    /// person can sign in and go on. The stream closes.</item>
    /// <item><c>expiring</c>, <c>{"at":…,"canStay":…}</c>: the session will end at that time, in less than <see
    /// cref="SessionsOptions.Warning"/>; unless it is used, if <c>canStay</c>. Told once, until the session was
    /// used.</item>
    /// </list>
    /// Without a session the answer is 401 with <c>{"error":"not_signed_in"}</c>, or <c>{"error":"session_ended",…}</c>
    /// and what <c>revoked</c> says; 503 where the store cannot be asked. A node that stops closes its streams at once;
    /// browsers come back by themselves. A node keeps at most <see cref="SessionsOptions.MaxStreamsPerSession"/>
    /// streams of a session and <see cref="SessionsOptions.MaxStreamsPerAccount"/> of an account open. At one more, the
    /// oldest closes and asks its browser to wait a minute. A proxy in between must not buffer the response, nor limit
    /// its time to less than 20 seconds without a byte.
    /// </summary>
    /// <param name="endpoints">The app's routes.</param>
    /// <param name="pattern">The stream's address. Default <c>/session/events</c>.</param>
    public static IEndpointConventionBuilder MapSessionEvents(
        this IEndpointRouteBuilder endpoints, string pattern = "/session/events") =>
        endpoints.MapGet(pattern, EventStream.AnswerAsync)
            .WithMetadata(new PassiveSessionAttribute(), new EventStream.Metadata())
            .AllowAnonymous();
}
