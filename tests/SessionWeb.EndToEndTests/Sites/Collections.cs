namespace SessionWeb.EndToEndTests.Sites;

/// <summary>Tests that share one farm, one after another: some of them kill a node.</summary>
[CollectionDefinition]
public sealed class OnFarm : ICollectionFixture<Farm>;

[CollectionDefinition]
public sealed class OnTlsFarm : ICollectionFixture<TlsFarm>;

[CollectionDefinition]
public sealed class OnFarmSite : ICollectionFixture<FarmSite>;

[CollectionDefinition]
public sealed class OnShortLivedFarm : ICollectionFixture<ShortLivedFarm>;

[CollectionDefinition]
public sealed class OnEmbeddedApp : ICollectionFixture<SharedEmbeddedApp>;

[CollectionDefinition]
public sealed class OnEmbeddedSite : ICollectionFixture<EmbeddedSite>;

[CollectionDefinition]
public sealed class OnShortLivedEmbedded : ICollectionFixture<ShortLivedEmbedded>;
