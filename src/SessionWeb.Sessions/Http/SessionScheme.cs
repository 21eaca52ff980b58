using Microsoft.AspNetCore.Authentication.Cookies;

namespace SessionWeb.Sessions.Http;

/// <summary>The authentication scheme that has server-side sessions.</summary>
internal sealed record SessionScheme(string Name)
{
    /// <summary>The purposes of a protector, which bind protected data to the scheme.</summary>
    /// <remarks>The default scheme adds no purpose, so that cookies of earlier versions remain valid.</remarks>
    public string[] Purposes(string use) =>
        Name == CookieAuthenticationDefaults.AuthenticationScheme
            ? ["SessionWeb.Sessions", use, "v1"]
            : ["SessionWeb.Sessions", use, "v1", Name];
}
