using Microsoft.Extensions.DependencyInjection;
using SessionWeb.Sessions;

namespace SessionWeb.UnitTests.Library;

public sealed class SecondSchemeTests
{
    [Theory]
    [InlineData("Cookies", "Staff")]
    [InlineData("Cookies", "Cookies")]
    public void B16_Second_scheme_is_rejected(string first, string second)
    {
        var authentication = new ServiceCollection().AddAuthentication().AddCookie("Cookies").AddCookie("Staff");
        authentication.AddServerSideSessions(scheme: first);

        var exception = Assert.Throws<InvalidOperationException>(
            () => authentication.AddServerSideSessions(scheme: second));
        Assert.Contains($"'{first}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"'{second}'", exception.Message, StringComparison.Ordinal);
    }
}
