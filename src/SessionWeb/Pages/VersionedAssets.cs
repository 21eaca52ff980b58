using Microsoft.AspNetCore.StaticAssets;

namespace SessionWeb.Pages;

/// <summary>
/// Serves the static assets. If the <c>v</c> parameter of <c>asp-append-version</c> matches the content, browsers may
/// cache the response forever. During an update, a node with other content at that URL omits the header.
/// </summary>
internal static class VersionedAssets
{
    public static void MapVersionedAssets(this WebApplication app) =>
        app.MapStaticAssets().ShortCircuit().Add(AddVersionedCaching);

    private static void AddVersionedCaching(EndpointBuilder endpoint)
    {
        var serve = endpoint.RequestDelegate!;
        var compressedFrom = endpoint.Metadata.OfType<StaticAssetDescriptor>().SelectMany(asset => asset.Properties)
            .FirstOrDefault(property => property.Name == "original-resource")?.Value;
        endpoint.RequestDelegate = context =>
        {
            context.Response.OnStarting(() =>
            {
                if (context.Request.Query["v"] is [{ Length: > 0 } version]
                    && version == Version(compressedFrom ?? context.Response.Headers.ETag.ToString()))
                {
                    context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                }

                return Task.CompletedTask;
            });
            return serve(context);
        };
    }

    // The ETag and the version both hold the SHA-256 of the content: the ETag in base64, the version in base64url.
    private static string Version(string tag) => tag.Trim('"').TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
