using SessionWeb.IntegrationTests;
using SessionWeb.IntegrationTests.Accounts;
using SessionWeb.IntegrationTests.Data;
using SessionWeb.IntegrationTests.DataProtection;
using SessionWeb.IntegrationTests.Library;
using SessionWeb.IntegrationTests.Pages;
using SessionWeb.IntegrationTests.Revocation;
using SessionWeb.IntegrationTests.Security;
using SessionWeb.IntegrationTests.Stores;

[assembly: TestCollectionOrderer(typeof(TestOrder))]

namespace SessionWeb.IntegrationTests;

// Classes that mostly wait alternate with classes that keep a core busy.
public sealed class TestOrder() : LongestFirst(
    typeof(RedisOutageTests), typeof(BadInputTests), typeof(RedisFaultTests), typeof(StartupTests),
    typeof(RedisEventStreamTests), typeof(AccountPagesTests), typeof(RedisSessionStoreTests), typeof(FileModeTests),
    typeof(DatabaseEventStreamTests), typeof(ForwardedHeadersTests), typeof(DisclosureTests),
    typeof(CertificateRotationTests), typeof(RefusalCostTests));
