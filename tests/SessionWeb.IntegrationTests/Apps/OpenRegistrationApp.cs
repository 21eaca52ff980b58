namespace SessionWeb.IntegrationTests.Apps;

/// <summary>The embedded app with open registration.</summary>
public sealed class OpenRegistrationApp : EmbeddedApp
{
    public OpenRegistrationApp() => Settings["Accounts:Registration"] = "true";
}
