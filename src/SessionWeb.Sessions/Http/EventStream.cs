using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SessionWeb.Sessions.Http;

/// <summary>The endpoint of <see cref="SessionEventsExtensions.MapSessionEvents"/>.</summary>
internal static class EventStream
{
    /// <summary>
    /// Marks the endpoint that tells of an ended session itself: a stream is no page that could be redirected.
    /// </summary>
    internal sealed class Metadata;

    // In milliseconds.
    private const int DisplacedPause = 60_000;

    public static async Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (context.GetSession() is not { } session)
        {
            response.StatusCode = StatusCodes.Status401Unauthorized;
            await (context.GetSessionEnd() is { } ending
                ? response.WriteAsJsonAsync(
                    new { error = "session_ended", reason = ending.Reason, message = ending.Message, url = Url(context, ending) })
                : response.WriteAsJsonAsync(new { error = "not_signed_in" }));
            return;
        }

        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no";
        var pages = context.RequestServices.GetRequiredService<EventStreams>();
        var page = pages.Open(session.Key);
        try
        {
            await using var closing = context.RequestAborted.UnsafeRegister(
                static page => ((EventStreamConnection)page!).Close(), page);
            ReleaseCookies(context.Request);

            // Browsers that lost a node do not all come back in the same moment.
            await WriteAsync(context, $": open\nretry: {Random.Shared.Next(500, 2500)}\n\n");
            while (await page.NextAsync() is { } news)
                await WriteAsync(context, Text(context, news));
            // A browser that came back at once would displace the next page, and so on in turn.
            if (page.IsDisplaced)
                await WriteAsync(context, $"retry: {DisplacedPause}\n\n");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
        }
        finally
        {
            pages.Remove(page);
        }
    }

    // They have told whose page it is. Kept for as long as that is open, they would be a good part of what a stream
    // costs.
    private static void ReleaseCookies(HttpRequest request)
    {
        request.Headers.Cookie = default;

        // What was made of them goes when they are looked at again.
        _ = request.Cookies;
    }

    private static async Task WriteAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static string Text(HttpContext context, StreamEvent news) => news switch
    {
        { Ended: { } ending } => Event(
            "revoked", new { reason = ending.Reason, message = ending.Message, url = Url(context, ending) }),
        { Expiring: { } session } => Event("expiring",
            new { at = session.IdleExpiresAt.UtcDateTime, canStay = session.IdleExpiresAt < session.ExpiresAt }),
        _ => ":\n\n",
    };

    private static string Event<T>(string name, T data) =>
        $"event: {name}\ndata: {JsonSerializer.Serialize(data, JsonSerializerOptions.Web)}\n\n";

    // A person who should sign in and go on is sent there by the page itself: only its address tells where.
    private static string? Url(HttpContext context, SessionEnd ending) => ending.SignInAgain
        ? null
        : SessionResponses.SignedOutUrl(
            context, context.RequestServices.GetRequiredService<IOptions<SessionsOptions>>().Value, ending);
}
