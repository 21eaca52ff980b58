using SessionWeb.BrowserTests.Running;

namespace SessionWeb.BrowserTests.Requirements;

/// <summary>A site that anybody may join, with every address at which it can be entered.</summary>
public interface ISite
{
    /// <summary>Where people enter.</summary>
    Uri Url { get; }

    /// <summary>That, and each node directly.</summary>
    IReadOnlyList<Uri> Entrances { get; }

    /// <summary>What the nodes have logged so far.</summary>
    string Log { get; }
}

public class FarmSite : Farm, ISite
{
    public FarmSite() => OpenSite.Set(Set);

    public IReadOnlyList<Uri> Entrances => [Url, .. Nodes.Values];

    public string Log => LogOf("node-*");

    /// <summary>The logs of some of the farm's parts.</summary>
    public string LogOf(string parts) =>
        string.Concat(Directory.EnumerateFiles(Path.Combine(DataDirectory, "logs"), parts + ".log").Order(StringComparer.Ordinal).Select(ReadShared));

    private static string ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}

public class EmbeddedSite : ISite, IAsyncLifetime
{
    private readonly EmbeddedApp _app = new();

    public EmbeddedSite() => OpenSite.Set(Set);

    protected void Set(string setting, string value) => _app.Settings[setting] = value;

    public Uri Url => _app.Url;

    public IReadOnlyList<Uri> Entrances => [Url];

    public string Log => _app.Output;

    public ValueTask InitializeAsync() => _app.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _app.DisposeAsync();
    }
}

public sealed class ShortLivedFarm : FarmSite
{
    public ShortLivedFarm() => OpenSite.SetShortLived(Set);
}

public sealed class ShortLivedEmbedded : EmbeddedSite
{
    public ShortLivedEmbedded() => OpenSite.SetShortLived(Set);
}

/// <summary>Production behind TLS, where nobody may sign up; the demo accounts were added by hand.</summary>
public sealed class TlsSite() : TlsFarm;

[CollectionDefinition]
public sealed class OnFarmSite : ICollectionFixture<FarmSite>;

[CollectionDefinition]
public sealed class OnEmbeddedSite : ICollectionFixture<EmbeddedSite>;

[CollectionDefinition]
public sealed class OnShortLivedFarm : ICollectionFixture<ShortLivedFarm>;

[CollectionDefinition]
public sealed class OnShortLivedEmbedded : ICollectionFixture<ShortLivedEmbedded>;

[CollectionDefinition]
public sealed class OnTlsSite : ICollectionFixture<TlsSite>;

internal static class OpenSite
{
    /// <summary>
    /// Every test signs up its own people, and does not wait for their passwords longer than it must. On a busy machine even a Redis
    /// that is there takes its time.
    /// </summary>
    public static void Set(Action<string, string> set)
    {
        set("Accounts:Registration", "true");
        set("Accounts:BcryptCost", "10");
        set("Sessions:StoreTimeout", "00:00:03");
    }

    public static void SetShortLived(Action<string, string> set)
    {
        set("Sessions:IdleTimeout", ExpiryRequirements.Idle.ToString());
        set("Sessions:AbsoluteTimeout", ExpiryRequirements.Absolute.ToString());
        set("Sessions:RememberMe", ExpiryRequirements.Absolute.ToString());
    }
}
