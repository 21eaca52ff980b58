namespace SessionWeb.EndToEndTests.Sites;

/// <summary>Tests that share one farm. They run one after another, because some kill a node.</summary>
[CollectionDefinition]
public sealed class FarmGroup : ICollectionFixture<Farm>;

[CollectionDefinition]
public sealed class TlsFarmGroup : ICollectionFixture<TlsFarm>;

[CollectionDefinition]
public sealed class FarmSiteGroup : ICollectionFixture<FarmSite>;

[CollectionDefinition]
public sealed class ShortLivedFarmGroup : ICollectionFixture<ShortLivedFarm>;

[CollectionDefinition]
public sealed class EmbeddedAppGroup : ICollectionFixture<SharedEmbeddedApp>;

/// <summary>A separate app: these tests take as long as all others on an embedded app.</summary>
[CollectionDefinition]
public sealed class PageQualityGroup : ICollectionFixture<SharedEmbeddedApp>;

[CollectionDefinition]
public sealed class EmbeddedSiteGroup : ICollectionFixture<EmbeddedSite>;

[CollectionDefinition]
public sealed class ShortLivedEmbeddedGroup : ICollectionFixture<ShortLivedEmbeddedSite>;
