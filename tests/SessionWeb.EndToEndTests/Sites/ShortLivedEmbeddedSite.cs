namespace SessionWeb.EndToEndTests.Sites;

/// <summary>An embedded app whose sessions expire within seconds.</summary>
public sealed class ShortLivedEmbeddedSite : EmbeddedSite
{
    public ShortLivedEmbeddedSite() => SiteSettings.SetShortTimeouts(Settings.Add);
}
