namespace SessionWeb.Testing;

/// <summary>The credentials of a test user.</summary>
public sealed record TestUser(string UserName, string Password);
