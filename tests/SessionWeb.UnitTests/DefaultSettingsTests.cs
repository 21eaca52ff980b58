using Microsoft.Extensions.Configuration;
using SessionWeb.Hosting;

namespace SessionWeb.UnitTests;

public sealed class DefaultSettingsTests
{
    [Fact]
    public void B03_Default_address_is_loopback()
    {
        using var configuration = new ConfigurationManager();
        configuration.AddDefaultSettings();
        Assert.Equal("http://localhost:5080", configuration["urls"]);
    }
}
