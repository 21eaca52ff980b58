using SessionWeb.Sessions.Http;

namespace SessionWeb.UnitTests.Library;

public sealed class DeviceNameTests
{
    [Theory]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0)"
        + " Gecko/20100101 Firefox/145.0", "Firefox on Windows")]
    [InlineData(
        "Mozilla/5.0 (X11; Linux x86_64)"
        + " AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "Chrome on Linux")]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
        + " AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge on Windows")]
    [InlineData(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
        + " AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15", "Safari on macOS")]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)"
        + " AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 15; Pixel 9)"
        + " AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("curl/8.5.0", "curl/8.5.0")]
    [InlineData("", "Unknown device")]
    [InlineData("<script>alert(1)</script>", "Unknown device")]
    [InlineData("\u001b[31mred", "Unknown device")]
    public void Device_name_is_the_browser_and_the_system(string userAgent, string name) =>
        Assert.Equal(name, DeviceName.FromUserAgent(userAgent));

    [Fact]
    public void Long_user_agent_gets_a_short_name() =>
        Assert.InRange(DeviceName.FromUserAgent(new string('x', 100_000)).Length, 1, 100);
}
