using Microsoft.AspNetCore.StaticAssets;

namespace SessionWeb.Pages;

/// <summary>
/// The static assets. Where the address names the very content, as <c>asp-append-version</c> writes it, browsers keep them for good and no
/// page waits for them again; a node with other content under that address, in the middle of an update, does not say so.
/// </summary>
internal static class VersionedAssets
{
    public static void MapVersionedAssets(this WebApplication app) => app.MapStaticAssets().ShortCircuit().Add(endpoint =>
    {
        var serve = endpoint.RequestDelegate!;
        var compressedFrom = endpoint.Metadata.OfType<StaticAssetDescriptor>().SelectMany(asset => asset.Properties)
            .FirstOrDefault(property => property.Name == "original-resource")?.Value;
        endpoint.RequestDelegate = context =>
        {
            context.Response.OnStarting(() =>
            {
                if (context.Request.Query["v"] is [{ Length: > 0 } version] && version == Version(compressedFrom ?? context.Response.Headers.ETag.ToString()))
                    context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                return Task.CompletedTask;
            });
            return serve(context);
        };
    });

    // The SHA-256 of the content in both, in base64 as an ETag and in base64url as a version.
    private static string Version(string tag) => tag.Trim('"').TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
