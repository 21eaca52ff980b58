namespace SessionWeb.Testing;

/// <summary>Passwords that the default settings accept.</summary>
public static class TestPasswords
{
    public const string Password = "correct horse battery";

    public const string AnotherPassword = "another horse battery";
}
