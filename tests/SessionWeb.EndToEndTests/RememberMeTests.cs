namespace SessionWeb.EndToEndTests;

[Collection<OnEmbeddedApp>]
public sealed class RememberMeTests(Browser browser, SharedEmbeddedApp app)
{
    [Fact]
    public async Task Cookie_outlives_the_browser_only_where_one_asked_to_be_remembered()
    {
        await using var forgotten = await browser.SignInAsync(app.Url, TestUsers.Bob);
        await using var remembered = await browser.SignInAsync(app.Url, TestUsers.Bob, rememberMe: true);

        Assert.Equal(-1, (await forgotten.SessionCookieAsync())!.Expires);
        var expires = DateTimeOffset.FromUnixTimeSeconds((long)(await remembered.SessionCookieAsync())!.Expires);
        Assert.InRange(expires - DateTimeOffset.UtcNow, TimeSpan.FromDays(29), TimeSpan.FromDays(30.1));
    }
}
