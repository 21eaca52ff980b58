namespace SessionWeb.Sessions;

/// <summary>
/// Marks an endpoint, action or page whose requests require a live session but do not count as activity. For requests
/// that a page sends without the user.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class PassiveSessionAttribute : Attribute;
