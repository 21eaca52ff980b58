using Microsoft.Extensions.Configuration;

namespace SessionWeb.UnitTests;

public sealed class DefaultSettingsTests
{
    [Fact]
    public void B03_Default_address_is_loopback()
    {
        using var configuration = new ConfigurationManager();
        configuration.AddOwnDefaults();
        Assert.Equal("http://localhost:5080", configuration["urls"]);
    }
}
