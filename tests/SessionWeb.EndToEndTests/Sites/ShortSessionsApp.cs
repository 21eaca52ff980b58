namespace SessionWeb.EndToEndTests.Sites;

/// <summary>An app whose sessions last fifteen seconds. It warns users three seconds before.</summary>
public sealed class ShortSessionsApp : EmbeddedApp
{
    public ShortSessionsApp() => Settings["Sessions:IdleTimeout"] = "00:00:15";
}
