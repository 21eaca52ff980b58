namespace SessionWeb.EndToEndTests;

/// <summary>An administrator revokes a session, and its open page shows the reason once, without a click.</summary>
public abstract class RevocationTests(Browser browser, Uri site)
{
    private const string Reason = "revoked-by-admin";
    private const string ReasonText = "An administrator signed you out.";

    [Fact]
    public async Task Open_page_of_a_revoked_session_shows_the_reason()
    {
        await using var alice = await browser.SignInAsync(site, TestUsers.Alice);
        await using var otherDevice = await browser.SignInAsync(site, TestUsers.Alice);
        await using var admin = await browser.SignInAsync(site, TestUsers.Admin);
        var handle = await new StartPage(alice.Page).HandleAsync();

        var sessions = new AdminSessionsPage(admin.Page);
        await sessions.OpenAsync();
        await sessions.RevokeAsync(handle);
        await new PageLayout(admin.Page).ExpectNoticeAsync("The session was revoked.");

        await new SignedOutPage(alice.Page).ExpectRedirectAsync(Reason, ReasonText);
        Assert.Null(await alice.SessionCookieAsync());
        await ExpectSignedInAsync(otherDevice, TestUsers.Alice);
    }

    [Fact]
    public async Task Revoking_an_account_ends_only_its_sessions()
    {
        await using var desktop = await browser.SignInAsync(site, TestUsers.Alice);
        await using var phone = await browser.SignInAsync(site, TestUsers.Alice);
        await using var bob = await browser.SignInAsync(site, TestUsers.Bob);
        await using var admin = await browser.SignInAsync(site, TestUsers.Admin);

        var sessions = new AdminSessionsPage(admin.Page);
        await sessions.OpenAsync();
        await sessions.SearchAsync("ali");
        await sessions.RevokeAccountAsync(TestUsers.Alice);
        await new PageLayout(admin.Page).ExpectNoticeAsync("sessions revoked.");

        await new SignedOutPage(desktop.Page).ExpectRedirectAsync(Reason, ReasonText);
        await new SignedOutPage(phone.Page).ExpectRedirectAsync(Reason, ReasonText);
        await ExpectSignedInAsync(bob, TestUsers.Bob);
    }

    [Fact]
    public async Task Revoking_selected_sessions_shows_the_message()
    {
        await using var desktop = await browser.SignInAsync(site, TestUsers.Alice, From("Firefox/140.0"));
        await using var phone = await browser.SignInAsync(site, TestUsers.Alice, From("iPhone Safari/604.1"));
        await using var bob = await browser.SignInAsync(site, TestUsers.Bob, From("Firefox/140.0"));
        await using var admin = await browser.SignInAsync(site, TestUsers.Admin);

        var sessions = new AdminSessionsPage(admin.Page);
        await sessions.OpenAsync();
        await sessions.FilterAsync("firefox", "Account");
        await sessions.SelectAsync(await new StartPage(desktop.Page).HandleAsync());
        await sessions.SelectAsync(await new StartPage(bob.Page).HandleAsync());
        var tooLong = new string('m', 301);
        await sessions.FillMessageAsync(tooLong);
        await sessions.RevokeSelectedAsync();
        await sessions.ExpectRefusedAsync("A message can have at most 300 characters", tooLong);
        await sessions.FillMessageAsync("Back at noon.");
        await sessions.RevokeSelectedAsync();
        await new PageLayout(admin.Page).ExpectNoticeAsync("2 sessions revoked.");

        await new SignedOutPage(desktop.Page).ExpectRedirectAsync(Reason, "Back at noon.");
        await new SignedOutPage(bob.Page).ExpectRedirectAsync(Reason, "Back at noon.");
        await ExpectSignedInAsync(phone, TestUsers.Alice);
    }

    [Fact]
    public async Task Revoking_everyone_keeps_the_administrator_signed_in()
    {
        await using var alice = await browser.SignInAsync(site, TestUsers.Alice);
        await using var bob = await browser.SignInAsync(site, TestUsers.Bob);
        await using var otherAdmin = await browser.SignInAsync(site, TestUsers.Admin);
        await using var admin = await browser.SignInAsync(site, TestUsers.Admin);

        var sessions = new AdminSessionsPage(admin.Page);
        await sessions.OpenAsync();
        await sessions.RevokeEveryoneAsync();
        await new PageLayout(admin.Page).ExpectNoticeAsync("Your current session was kept.");

        foreach (var visit in new[] { alice, bob, otherAdmin })
            await new SignedOutPage(visit.Page).ExpectRedirectAsync(Reason, ReasonText);
        await ExpectSignedInAsync(admin, TestUsers.Admin);
    }

    private static Action<BrowserNewContextOptions> From(string userAgent) => options => options.UserAgent = userAgent;

    private static async Task ExpectSignedInAsync(Visit visit, TestUser account)
    {
        var start = new StartPage(visit.Page);
        await start.OpenAsync();
        await start.ExpectSignedInAsync(account);
    }
}

[Collection<FarmGroup>]
public sealed class RevocationOnFarmTests(Browser browser, Farm farm) : RevocationTests(browser, farm.Url);

[Collection<EmbeddedAppGroup>]
public sealed class RevocationOnEmbeddedAppTests(Browser browser, SharedEmbeddedApp app)
    : RevocationTests(browser, app.Url);
