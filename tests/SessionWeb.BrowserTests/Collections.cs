using SessionWeb.BrowserTests.Running;

namespace SessionWeb.BrowserTests;

/// <summary>Tests that share one farm, one after another: some of them kill a node.</summary>
[CollectionDefinition]
public sealed class OnFarm : ICollectionFixture<Farm>;

[CollectionDefinition]
public sealed class OnTlsFarm : ICollectionFixture<TlsFarm>;

[CollectionDefinition]
public sealed class OnEmbeddedApp : ICollectionFixture<EmbeddedApp>;
