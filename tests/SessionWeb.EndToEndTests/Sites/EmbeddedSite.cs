namespace SessionWeb.EndToEndTests.Sites;

/// <summary>The embedded app with open registration.</summary>
public class EmbeddedSite : EmbeddedApp, ISite
{
    public EmbeddedSite() => SiteSettings.Open(Settings.Add);

    public IReadOnlyList<Uri> Entrances => [Url];

    string ISite.Log => Output;
}
