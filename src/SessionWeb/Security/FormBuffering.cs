using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace SessionWeb.Security;

/// <summary>Reads every form before the request is handled.</summary>
internal static class FormBuffering
{
    /// <summary>
    /// A posted form takes effect even if the client disconnects, which matters most for signing out. Kestrel discards
    /// a form whose client has disconnected, so the form is read first. A form that cannot be read is rejected here.
    /// </summary>
    public static void UseFormBuffering(this IApplicationBuilder app) => app.Use(static (context, next) =>
        context.Request.HasFormContentType && !IsBuffered(context) ? BufferAsync(context, next) : next(context));

    // True when the error page is executed for a rejected form.
    private static bool IsBuffered(HttpContext context) => context.Features.Get<IFormFeature>()?.Form is not null;

    private static async Task BufferAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsPost(context.Request.Method))
            context.RequestAborted = CancellationToken.None;
        if (await ReadAsync(context.Request) is not { } status)
        {
            await next(context);
            return;
        }
        context.Request.Form = FormCollection.Empty;
        context.Response.StatusCode = status;
        await DrainAsync(context.Request);
    }

    /// <returns>The status that rejects the form. Null if it was read.</returns>
    private static async Task<int?> ReadAsync(HttpRequest request)
    {
        if (!HasSupportedCharset(request))
            return StatusCodes.Status415UnsupportedMediaType;
        try
        {
            await request.ReadFormAsync(CancellationToken.None);
            return null;
        }
        catch (BadHttpRequestException failure)
        {
            return failure.StatusCode;
        }
        catch (NotSupportedException)
        {
            // A part of a multipart form has an unsupported charset.
            return StatusCodes.Status415UnsupportedMediaType;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or OperationCanceledException)
        {
            return StatusCodes.Status400BadRequest;
        }
    }

    private static bool HasSupportedCharset(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.Charset.Length == 0)
            return true;
        try
        {
            // Throws for unknown names and for UTF-7.
            _ = Encoding.GetEncoding(HeaderUtilities.RemoveQuotes(type.Charset).ToString());
            return true;
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>
    /// Reads the rest of the body: a proxy that is still sending mistakes an early response for a broken connection.
    /// </summary>
    private static async Task DrainAsync(HttpRequest request)
    {
        try
        {
            await request.Body.CopyToAsync(Stream.Null, CancellationToken.None);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // The client has disconnected, or the body is too large.
        }
    }
}
