namespace SessionWeb.EndToEndTests;

[Collection<FarmGroup>]
public sealed class WithoutJavaScriptTests(Browser browser, Farm farm)
{
    [Fact]
    public async Task Sign_in_revocation_and_sign_out_need_no_JavaScript()
    {
        await using var phone = await browser.SignInAsync(
            farm.Url, TestUsers.Bob, options => options.JavaScriptEnabled = false);
        await using var bob = await browser.SignInAsync(
            farm.Url, TestUsers.Bob, options => options.JavaScriptEnabled = false);
        await using var admin = await browser.SignInAsync(
            farm.Url, TestUsers.Admin, options => options.JavaScriptEnabled = false);
        var handle = await new StartPage(bob.Page).HandleAsync();
        await Expect(new StartPage(bob.Page).SignedInAt).ToContainTextAsync("UTC");

        var devices = new DevicesPage(bob.Page);
        await new PageLayout(bob.Page).GoToDevicesAsync();
        await devices.RevokeAsync(await new StartPage(phone.Page).HandleAsync());
        await new PageLayout(bob.Page).ExpectNoticeAsync("The device was signed out.");
        await new SignedOutPage(phone.Page).ExpectAfterClickAsync("revoked-by-you", "from another device");

        var sessions = new AdminSessionsPage(admin.Page);
        await sessions.OpenAsync();
        await sessions.SearchAsync("bob");
        await sessions.RevokeAsync(handle);
        await new PageLayout(admin.Page).ExpectNoticeAsync("The session was revoked.");
        await new SignedOutPage(bob.Page).ExpectAfterClickAsync("revoked-by-admin", "An administrator signed you out.");

        await new PageLayout(admin.Page).SignOutAsync();
        await new SignedOutPage(admin.Page).ExpectAsync("signed-out", "You have signed out.");
        Assert.Null(await admin.SessionCookieAsync());
    }
}
