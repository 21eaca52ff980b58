namespace SessionWeb.EndToEndTests.Sites;

/// <summary>The embedded app with open registration.</summary>
public class EmbeddedSite : EmbeddedApp, ISite
{
    public EmbeddedSite() => SiteSettings.SetTestDefaults(Settings.Add);

    public IReadOnlyList<Uri> EntryPoints => [Url];

    string ISite.Log => Output;
}
