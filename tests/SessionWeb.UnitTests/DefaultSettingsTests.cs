using Microsoft.Extensions.Configuration;

namespace SessionWeb.UnitTests;

public sealed class DefaultSettingsTests
{
    [Fact]
    public void B03_Default_is_to_listen_on_loopback_only()
    {
        using var configuration = new ConfigurationManager();
        configuration.AddOwnDefaults();
        Assert.Equal("http://localhost:5080", configuration["urls"]);
    }
}
