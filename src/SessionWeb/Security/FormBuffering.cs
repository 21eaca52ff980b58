using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace SessionWeb.Security;

/// <summary>Reads every form before the request is handled.</summary>
internal static class FormBuffering
{
    /// <summary>
    /// A posted form takes effect even if the client disconnects, signing out above all. Kestrel discards a form whose client has gone, so the
    /// form is read first. A form that cannot be read is refused here.
    /// </summary>
    public static void UseFormBuffering(this IApplicationBuilder app) => app.Use(static (context, next) =>
        context.Request.HasFormContentType && !IsRead(context) ? ReadFirstAsync(context, next) : next(context));

    // True when the error page is executed for a form that was refused.
    private static bool IsRead(HttpContext context) => context.Features.Get<IFormFeature>()?.Form is not null;

    private static async Task ReadFirstAsync(HttpContext context, RequestDelegate next)
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

    /// <returns>The status that refuses the form; null if it was read.</returns>
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
            // The charset of a part of a multipart form.
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
            // Throws for names that do not exist and for UTF-7.
            _ = Encoding.GetEncoding(HeaderUtilities.RemoveQuotes(type.Charset).ToString());
            return true;
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>A proxy that is still sending takes an early response for a broken connection.</summary>
    private static async Task DrainAsync(HttpRequest request)
    {
        try
        {
            await request.Body.CopyToAsync(Stream.Null, CancellationToken.None);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // The client has gone, or the body is too large.
        }
    }
}
