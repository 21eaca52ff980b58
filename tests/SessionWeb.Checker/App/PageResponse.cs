using System.Net;

namespace SessionWeb.Checker.App;

/// <summary>A node's response to a request for a page.</summary>
internal sealed record PageResponse(HttpStatusCode Status, string? Location, string Body)
{
    public bool IsUnavailable => Status == HttpStatusCode.ServiceUnavailable;
}
