using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Http;

/// <summary>The endpoint of <see cref="SessionEventsExtensions.MapSessionEvents"/>.</summary>
internal static class EventStream
{
    /// <summary>
    /// Marks the endpoint that reports an ended session itself, because a stream cannot be redirected.
    /// </summary>
    internal sealed class Metadata;

    private const int DisplacedRetryMs = 60_000;

    public static async Task HandleAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (context.GetSession() is not { } session)
        {
            response.StatusCode = StatusCodes.Status401Unauthorized;
            await (context.GetSessionEnd() is { } end
                ? response.WriteAsJsonAsync(new
                {
                    error = "session_ended",
                    reason = end.Reason,
                    message = end.Message,
                    url = Url(context, end),
                })
                : response.WriteAsJsonAsync(new { error = "not_signed_in" }));
            return;
        }

        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no";
        var streams = context.RequestServices.GetRequiredService<EventStreams>();
        var connection = streams.Open(session.Key);
        try
        {
            await using var closing = context.RequestAborted.UnsafeRegister(
                static connection => ((EventStreamConnection)connection!).Close(), connection);
            ReleaseCookies(context.Request);

            // Browsers that lost a node must not reconnect all at the same time.
            await WriteAsync(context, $": open\nretry: {Random.Shared.Next(500, 2500)}\n\n");
            while (await connection.NextAsync() is { } next)
                await WriteAsync(context, Text(context, next));
            // A browser that reconnected immediately would displace another stream in turn.
            if (connection.IsDisplaced)
                await WriteAsync(context, $"retry: {DisplacedRetryMs}\n\n");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
        }
        finally
        {
            streams.Remove(connection);
        }
    }

    // The cookies are no longer needed. While the stream is open, they would be much of the memory that it uses.
    private static void ReleaseCookies(HttpRequest request)
    {
        request.Headers.Cookie = default;

        // Reading the property releases the parsed cookies.
        _ = request.Cookies;
    }

    private static async Task WriteAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static string Text(HttpContext context, StreamEvent next) => next switch
    {
        { Ended: { } end } => Event(
            "revoked", new { reason = end.Reason, message = end.Message, url = Url(context, end) }),
        { Expiring: { } session } => Event(
            "expiring",
            new { at = session.IdleExpiresAt.UtcDateTime, canStay = session.IdleExpiresAt < session.ExpiresAt }),
        _ => ":\n\n",
    };

    private static string Event<T>(string name, T data) =>
        $"event: {name}\ndata: {JsonSerializer.Serialize(data, JsonSerializerOptions.Web)}\n\n";

    // Null if the user should sign in and continue: only the page itself knows its URL.
    private static string? Url(HttpContext context, SessionEnd end) => end.SignInAgain
        ? null
        : SessionResponses.SignedOutUrl(
            context, context.RequestServices.GetRequiredService<IOptions<SessionsOptions>>().Value, end);
}
