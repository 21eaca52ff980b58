using Microsoft.AspNetCore.Authorization;

namespace SessionWeb.Authentication;

/// <summary>The account has the role now, whatever the claims of its session say.</summary>
internal sealed class CurrentAdministrator : IAuthorizationRequirement;
