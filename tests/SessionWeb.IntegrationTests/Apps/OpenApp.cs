namespace SessionWeb.IntegrationTests.Apps;

/// <summary>The embedded app with open registration.</summary>
public sealed class OpenApp : EmbeddedApp
{
    public OpenApp() => Settings["Accounts:Registration"] = "true";
}
