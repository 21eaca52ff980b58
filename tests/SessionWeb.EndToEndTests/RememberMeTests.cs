namespace SessionWeb.EndToEndTests;

[Collection<EmbeddedAppGroup>]
public sealed class RememberMeTests(Browser browser, SharedEmbeddedApp app)
{
    [Fact]
    public async Task Only_remember_me_sets_a_persistent_cookie()
    {
        await using var notRemembered = await browser.SignInAsync(app.Url, TestUsers.Bob);
        await using var remembered = await browser.SignInAsync(app.Url, TestUsers.Bob, rememberMe: true);

        Assert.Equal(-1, (await notRemembered.SessionCookieAsync())!.Expires);
        var expires = DateTimeOffset.FromUnixTimeSeconds((long)(await remembered.SessionCookieAsync())!.Expires);
        Assert.InRange(expires - DateTimeOffset.UtcNow, TimeSpan.FromDays(29), TimeSpan.FromDays(30.1));
    }
}
