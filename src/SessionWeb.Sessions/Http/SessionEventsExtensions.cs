using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using SessionWeb.Sessions.Http;

namespace SessionWeb.Sessions;

/// <summary>Maps the event stream that informs open pages about their session.</summary>
public static class SessionEventsExtensions
{
    /// <summary>
    /// Maps a stream of server-sent events of the request's session, for an <c>EventSource</c>. An open stream does not
    /// count as activity.
    /// <list type="bullet">
    /// <item><c>revoked</c>, <c>{"reason":…,"message":…,"url":…}</c>: the session has ended, for any reason including
    /// its expiry. The page should open <c>url</c>, or reload itself if that is null, so that the user can sign in and
    /// continue. The stream closes.</item>
    /// <item><c>expiring</c>, <c>{"at":…,"canStay":…}</c>: the session will expire at that time, in less than
    /// <see cref="SessionsOptions.Warning"/>, unless it is used (if <c>canStay</c>). Sent once, until the session is
    /// used.</item>
    /// </list>
    /// Without a session, the response is 401 with <c>{"error":"not_signed_in"}</c>, or with
    /// <c>{"error":"session_ended",…}</c> and the fields of <c>revoked</c>. If the store is unavailable, it is 503. A
    /// stopping node closes its streams; browsers reconnect. A node keeps at most
    /// <see cref="SessionsOptions.MaxStreamsPerSession"/> streams of a session and
    /// <see cref="SessionsOptions.MaxStreamsPerAccount"/> of an account. Beyond that, the oldest closes and asks its
    /// browser to wait for a minute. A proxy must not buffer the response, nor time out within 20 seconds without data.
    /// </summary>
    /// <param name="endpoints">The app's routes.</param>
    /// <param name="pattern">The URL of the stream. Default <c>/session/events</c>.</param>
    public static IEndpointConventionBuilder MapSessionEvents(
        this IEndpointRouteBuilder endpoints, string pattern = "/session/events") =>
        endpoints.MapGet(pattern, EventStream.HandleAsync)
            .WithMetadata(new PassiveSessionAttribute(), new EventStream.Metadata())
            .AllowAnonymous();
}
