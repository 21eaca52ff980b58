namespace SessionWeb.EndToEndTests.Sites;

/// <summary>A farm whose sessions expire within seconds.</summary>
public sealed class ShortLivedFarm : FarmSite
{
    public ShortLivedFarm() => SiteSettings.SetShortTimeouts(Set);
}
