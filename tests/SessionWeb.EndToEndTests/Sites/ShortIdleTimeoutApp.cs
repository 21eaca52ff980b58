namespace SessionWeb.EndToEndTests.Sites;

/// <summary>An app with an idle timeout of 15 seconds. It warns users 3 seconds before.</summary>
public sealed class ShortIdleTimeoutApp : EmbeddedApp
{
    public ShortIdleTimeoutApp() => Settings["Sessions:IdleTimeout"] = "00:00:15";
}
