namespace SessionWeb.EndToEndTests;

/// <summary>One browser, more than one tab or more than one moment.</summary>
[Collection<OnEmbeddedApp>]
public sealed class TabsTests(Browser browser, SharedEmbeddedApp app)
{
    [Fact]
    public async Task Forms_of_two_tabs_both_work()
    {
        var account = app.TakeUser();
        await using var first = await browser.SignInAsync(app.Url, account);
        await using var second = await browser.SignInAsync(app.Url, account);
        await using var here = await browser.SignInAsync(app.Url, account);
        var otherTab = await here.OpenTabAsync();
        DevicesPage devices = new(here.Page), inOtherTab = new(otherTab);
        await devices.OpenAsync();
        await inOtherTab.OpenAsync();

        await devices.RevokeAsync(await new StartPage(first.Page).HandleAsync());
        await new Frame(here.Page).ExpectNoticeAsync("The device was signed out.");
        await inOtherTab.RevokeAsync(await new StartPage(second.Page).HandleAsync());
        await new Frame(otherTab).ExpectNoticeAsync("The device was signed out.");
        await Expect(inOtherTab.Rows).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Form_opened_before_sign_in_and_sent_after_it_gets_a_page_that_says_what_to_do()
    {
        await using var visit = await browser.VisitAsync(app.Url);
        var stale = new SignInPage(visit.Page);
        await stale.OpenAsync();
        await new SignInPage(await visit.OpenTabAsync()).SignInAsync(TestUsers.Alice);
        await Expect(visit.Context.Pages[1].Locator("main h1")).ToContainTextAsync("alice");

        await stale.SubmitAsync(TestUsers.Bob.UserName, TestUsers.Bob.Password);

        await new Frame(visit.Page).ExpectTitleAsync("Invalid request");
        await Expect(visit.Page.Locator("main")).ToContainTextAsync("Go back, reload the page, and try again.");
        await Expect(visit.Page.Locator("body")).Not.ToContainTextAsync("Exception");
        await new StartPage(visit.Page).OpenAsync();
        await new StartPage(visit.Page).ExpectSignedInAsync(TestUsers.Alice);
    }

    [Fact]
    public async Task Sign_out_in_one_tab_signs_the_other_out()
    {
        await using var visit = await browser.SignInAsync(app.Url, TestUsers.Alice);
        var otherTab = await visit.OpenTabAsync();
        await new StartPage(otherTab).OpenAsync();
        await new Frame(otherTab).SignOutAsync();
        await new SignedOutPage(otherTab).ExpectAsync("signed-out", "You have signed out.");

        await new SignedOutPage(visit.Page).ExpectAsync("signed-out", "You have signed out.");
        await new Frame(visit.Page).GoToStartAsync();
        await new StartPage(visit.Page).ExpectStrangerAsync();
    }

    [Fact]
    public async Task Back_after_sign_out_shows_nothing_private()
    {
        await using var visit = await browser.SignInAsync(app.Url, TestUsers.Alice);
        var handle = await new StartPage(visit.Page).HandleAsync();
        var devices = new DevicesPage(visit.Page);
        await devices.OpenAsync();
        await new Frame(visit.Page).SignOutAsync();
        await new SignedOutPage(visit.Page).ExpectAsync("signed-out", "You have signed out.");

        await visit.Page.GoBackAsync();
        await new Frame(visit.Page).ExpectTitleAsync("Sign in");
        Assert.DoesNotContain("alice", await visit.Page.InnerTextAsync("body"), StringComparison.OrdinalIgnoreCase);

        await visit.Page.GoBackAsync();
        await new StartPage(visit.Page).ExpectStrangerAsync();
        Assert.DoesNotContain(handle, await visit.Page.ContentAsync(), StringComparison.Ordinal);
    }
}
