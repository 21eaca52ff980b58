[assembly: TestCollectionOrderer(typeof(TestOrder))]

namespace SessionWeb.EndToEndTests.Sites;

public sealed class TestOrder() : LongestFirst(
    typeof(FarmGroup), typeof(EmbeddedAppGroup), typeof(FarmSiteGroup), typeof(EmbeddedSiteGroup),
    typeof(PageQualityGroup), typeof(ShortLivedFarmGroup), typeof(ShortLivedEmbeddedGroup), typeof(TlsFarmGroup));
