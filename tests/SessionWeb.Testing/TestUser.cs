namespace SessionWeb.Testing;

/// <summary>A user with whom tests sign in.</summary>
public sealed record TestUser(string UserName, string Password);
