using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions;

namespace SessionWeb.UnitTests.Library;

public sealed class SecondSchemeTests
{
    [Theory]
    [InlineData("Cookies", "Staff")]
    [InlineData("Cookies", "Cookies")]
    public void B16_Second_scheme_is_refused(string first, string second)
    {
        var authentication = new ServiceCollection().AddAuthentication().AddCookie("Cookies").AddCookie("Staff");
        authentication.AddServerSideSessions(scheme: first);

        var refused = Assert.Throws<InvalidOperationException>(() => authentication.AddServerSideSessions(scheme: second));
        Assert.Contains($"'{first}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"'{second}'", refused.Message, StringComparison.Ordinal);
    }
}
