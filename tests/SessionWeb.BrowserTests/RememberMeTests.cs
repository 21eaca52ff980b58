using SessionWeb.BrowserTests.Browsing;
using SessionWeb.BrowserTests.Running;

namespace SessionWeb.BrowserTests;

[Collection<OnEmbeddedApp>]
public sealed class RememberMeTests(Browser browser, EmbeddedApp app)
{
    [Fact]
    public async Task Cookie_outlives_the_browser_only_where_one_asked_to_be_remembered()
    {
        await using var forgotten = await browser.SignInAsync(app.Url, DemoAccount.Bob);
        await using var remembered = await browser.SignInAsync(app.Url, DemoAccount.Bob, rememberMe: true);

        Assert.Equal(-1, (await forgotten.SessionCookieAsync())!.Expires);
        var expires = DateTimeOffset.FromUnixTimeSeconds((long)(await remembered.SessionCookieAsync())!.Expires);
        Assert.InRange(expires - DateTimeOffset.UtcNow, TimeSpan.FromDays(29), TimeSpan.FromDays(30.1));
    }
}
