namespace SessionWeb.EndToEndTests.Sites;

/// <summary>An embedded app whose sessions expire within seconds.</summary>
public sealed class ShortLivedEmbedded : EmbeddedSite
{
    public ShortLivedEmbedded() => SiteSettings.ShortLived(Settings.Add);
}
