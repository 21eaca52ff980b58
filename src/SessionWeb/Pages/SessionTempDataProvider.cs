using Microsoft.AspNetCore.Mvc.ViewFeatures;
using SessionWeb.Sessions;

namespace SessionWeb.Pages;

/// <summary>
/// Keeps TempData in the framework's encrypted cookie, bound to the session in which it was written. In another session, and to an
/// anonymous request, there is none; what an anonymous request wrote is for anonymous requests alone.
/// </summary>
internal sealed class SessionTempDataProvider(CookieTempDataProvider cookie) : ITempDataProvider
{
    private const string Owner = "SessionWeb.Owner";

    public IDictionary<string, object> LoadTempData(HttpContext context)
    {
        var values = cookie.LoadTempData(context);
        return values.Remove(Owner, out var owner) && owner as string == OwnerOf(context) ? values : new Dictionary<string, object>();
    }

    public void SaveTempData(HttpContext context, IDictionary<string, object> values) => cookie.SaveTempData(
        context, values.Count == 0 ? values : new Dictionary<string, object>(values) { [Owner] = OwnerOf(context) });

    /// <summary>The session of the request, or the one that it began; empty if there is none.</summary>
    private static string OwnerOf(HttpContext context) =>
        context.GetSessionKey() is { } session ? $"{session.Account} {session.Handle}" : "";
}
