using Microsoft.AspNetCore.Mvc.ViewFeatures;
using SessionWeb.Sessions;

namespace SessionWeb.Pages;

/// <summary>
/// Keeps TempData in the framework's encrypted cookie and binds it to the session that wrote it. Other sessions and
/// anonymous requests cannot read it. Only anonymous requests can read that of an anonymous request.
/// </summary>
internal sealed class SessionTempDataProvider(CookieTempDataProvider cookie) : ITempDataProvider
{
    private const string OwnerKey = "SessionWeb.Owner";

    public IDictionary<string, object> LoadTempData(HttpContext context)
    {
        var values = cookie.LoadTempData(context);
        return values.Remove(OwnerKey, out var owner) && owner as string == OwnerOf(context)
            ? values
            : new Dictionary<string, object>();
    }

    public void SaveTempData(HttpContext context, IDictionary<string, object> values) => cookie.SaveTempData(
        context,
        values.Count == 0 ? values : new Dictionary<string, object>(values) { [OwnerKey] = OwnerOf(context) });

    /// <summary>The session of the request, or the session that the request created. Empty if there is none.</summary>
    private static string OwnerOf(HttpContext context) =>
        context.GetSessionKey() is { } session ? $"{session.Account} {session.Handle}" : "";
}
