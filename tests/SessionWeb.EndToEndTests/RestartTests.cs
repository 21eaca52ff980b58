namespace SessionWeb.EndToEndTests;

[Collection<EmbeddedAppGroup>]
public sealed class RestartTests(Browser browser, SharedEmbeddedApp app)
{
    [Fact]
    public async Task Restart_keeps_sessions_and_open_forms_valid()
    {
        await using var alice = await browser.SignInAsync(app.Url, TestUsers.Alice);
        await using var admin = await browser.SignInAsync(app.Url, TestUsers.Admin);
        var start = new StartPage(alice.Page);
        var handle = await start.HandleAsync();
        var sessions = new AdminSessionsPage(admin.Page);
        await sessions.OpenAsync();

        await app.RestartAsync();

        await start.OpenAsync();
        await start.ExpectSignedInAsync(TestUsers.Alice);
        Assert.Equal(handle, await start.HandleAsync());
        await sessions.RevokeAsync(handle);
        await new PageLayout(admin.Page).ExpectNoticeAsync("The session was revoked.");
        await new SignedOutPage(alice.Page).ExpectRedirectAsync("revoked-by-admin", "An administrator signed you out.");
    }
}
