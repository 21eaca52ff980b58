namespace SessionWeb.EndToEndTests;

/// <summary>What the product is for: an administrator ends a session, and its open page says so by itself, once.</summary>
public abstract class RevocationTests(Browser browser, Uri site)
{
    private const string Reason = "revoked-by-admin";
    private const string Sentence = "An administrator signed you out.";

    [Fact]
    public async Task Page_of_a_revoked_session_says_by_itself_that_an_administrator_did_it()
    {
        await using var alice = await browser.SignInAsync(site, TestUsers.Alice);
        await using var elsewhere = await browser.SignInAsync(site, TestUsers.Alice);
        await using var admin = await browser.SignInAsync(site, TestUsers.Admin);
        var handle = await new StartPage(alice.Page).HandleAsync();

        var sessions = new AdminSessionsPage(admin.Page);
        await sessions.OpenAsync();
        await sessions.RevokeAsync(handle);
        await new Frame(admin.Page).ExpectNoticeAsync("The session was revoked.");

        await new SignedOutPage(alice.Page).ExpectByItselfAsync(Reason, Sentence);
        Assert.Null(await alice.SessionCookieAsync());
        await StaysAsync(elsewhere, TestUsers.Alice);
    }

    [Fact]
    public async Task Revoked_account_is_signed_out_in_all_its_browsers_and_in_no_other()
    {
        await using var desk = await browser.SignInAsync(site, TestUsers.Alice);
        await using var phone = await browser.SignInAsync(site, TestUsers.Alice);
        await using var bob = await browser.SignInAsync(site, TestUsers.Bob);
        await using var admin = await browser.SignInAsync(site, TestUsers.Admin);

        var sessions = new AdminSessionsPage(admin.Page);
        await sessions.OpenAsync();
        await sessions.SearchAsync("ali");
        await sessions.RevokeAccountAsync(TestUsers.Alice);
        await new Frame(admin.Page).ExpectNoticeAsync("sessions revoked.");

        await new SignedOutPage(desk.Page).ExpectByItselfAsync(Reason, Sentence);
        await new SignedOutPage(phone.Page).ExpectByItselfAsync(Reason, Sentence);
        await StaysAsync(bob, TestUsers.Bob);
    }

    [Fact]
    public async Task Chosen_sessions_end_with_a_message_and_the_others_stay()
    {
        await using var desk = await browser.SignInAsync(site, TestUsers.Alice, From("Firefox/140.0"));
        await using var phone = await browser.SignInAsync(site, TestUsers.Alice, From("iPhone Safari/604.1"));
        await using var bob = await browser.SignInAsync(site, TestUsers.Bob, From("Firefox/140.0"));
        await using var admin = await browser.SignInAsync(site, TestUsers.Admin);

        var sessions = new AdminSessionsPage(admin.Page);
        await sessions.OpenAsync();
        await sessions.FilterAsync("firefox", "Account");
        await sessions.ChooseAsync(await new StartPage(desk.Page).HandleAsync());
        await sessions.ChooseAsync(await new StartPage(bob.Page).HandleAsync());
        var tooLong = new string('m', 301);
        await sessions.WriteAsync(tooLong);
        await sessions.RevokeChosenAsync();
        await sessions.ExpectRefusedAsync("A message can have at most 300 characters", tooLong);
        await sessions.WriteAsync("Back at noon.");
        await sessions.RevokeChosenAsync();
        await new Frame(admin.Page).ExpectNoticeAsync("2 sessions revoked.");

        await new SignedOutPage(desk.Page).ExpectByItselfAsync(Reason, "Back at noon.");
        await new SignedOutPage(bob.Page).ExpectByItselfAsync(Reason, "Back at noon.");
        await StaysAsync(phone, TestUsers.Alice);
    }

    [Fact]
    public async Task Everyone_is_signed_out_but_the_administrator_who_meant_it()
    {
        await using var alice = await browser.SignInAsync(site, TestUsers.Alice);
        await using var bob = await browser.SignInAsync(site, TestUsers.Bob);
        await using var otherAdmin = await browser.SignInAsync(site, TestUsers.Admin);
        await using var admin = await browser.SignInAsync(site, TestUsers.Admin);

        var sessions = new AdminSessionsPage(admin.Page);
        await sessions.OpenAsync();
        await sessions.RevokeEveryoneAsync();
        await new Frame(admin.Page).ExpectNoticeAsync("Your current session was kept.");

        foreach (var visit in new[] { alice, bob, otherAdmin })
            await new SignedOutPage(visit.Page).ExpectByItselfAsync(Reason, Sentence);
        await StaysAsync(admin, TestUsers.Admin);
    }

    private static Action<BrowserNewContextOptions> From(string userAgent) => with => with.UserAgent = userAgent;

    private static async Task StaysAsync(Visit visit, TestUser account)
    {
        var start = new StartPage(visit.Page);
        await start.OpenAsync();
        await start.ExpectSignedInAsync(account);
    }
}

[Collection<OnFarm>]
public sealed class RevocationOnFarmTests(Browser browser, Farm farm) : RevocationTests(browser, farm.Url);

[Collection<OnEmbeddedApp>]
public sealed class RevocationOnEmbeddedAppTests(Browser browser, SharedEmbeddedApp app) : RevocationTests(browser, app.Url);
