namespace SessionWeb.Sessions;

/// <summary>
/// Marks an endpoint, action or page whose requests do not count as use: the session has to be live, but its idle time
/// goes on. For what a page asks by itself, without the person.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class PassiveSessionAttribute : Attribute;
