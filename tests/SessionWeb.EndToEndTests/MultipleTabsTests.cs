namespace SessionWeb.EndToEndTests;

/// <summary>One browser with several tabs or stale pages.</summary>
[Collection<EmbeddedAppGroup>]
public sealed class MultipleTabsTests(Browser browser, SharedEmbeddedApp app)
{
    [Fact]
    public async Task Forms_in_two_tabs_both_succeed()
    {
        var account = app.TakeUser();
        await using var first = await browser.SignInAsync(app.Url, account);
        await using var second = await browser.SignInAsync(app.Url, account);
        await using var current = await browser.SignInAsync(app.Url, account);
        var otherTab = await current.OpenTabAsync();
        DevicesPage devices = new(current.Page), devicesInOtherTab = new(otherTab);
        await devices.OpenAsync();
        await devicesInOtherTab.OpenAsync();

        await devices.RevokeAsync(await new StartPage(first.Page).HandleAsync());
        await new PageLayout(current.Page).ExpectNoticeAsync("The device was signed out.");
        await devicesInOtherTab.RevokeAsync(await new StartPage(second.Page).HandleAsync());
        await new PageLayout(otherTab).ExpectNoticeAsync("The device was signed out.");
        await Expect(devicesInOtherTab.Rows).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Form_opened_before_sign_in_shows_what_to_do_next()
    {
        await using var visit = await browser.VisitAsync(app.Url);
        var stalePage = new SignInPage(visit.Page);
        await stalePage.OpenAsync();
        await new SignInPage(await visit.OpenTabAsync()).SignInAsync(TestUsers.Alice);
        await Expect(visit.Context.Pages[1].Locator("main h1")).ToContainTextAsync("alice");

        await stalePage.SubmitAsync(TestUsers.Bob.UserName, TestUsers.Bob.Password);

        await new PageLayout(visit.Page).ExpectTitleAsync("Invalid request");
        await Expect(visit.Page.Locator("main")).ToContainTextAsync("Go back, reload the page, and try again.");
        await Expect(visit.Page.Locator("body")).Not.ToContainTextAsync("Exception");
        await new StartPage(visit.Page).OpenAsync();
        await new StartPage(visit.Page).ExpectSignedInAsync(TestUsers.Alice);
    }

    [Fact]
    public async Task Sign_out_in_one_tab_signs_out_the_other()
    {
        await using var visit = await browser.SignInAsync(app.Url, TestUsers.Alice);
        var otherTab = await visit.OpenTabAsync();
        await new StartPage(otherTab).OpenAsync();
        await new PageLayout(otherTab).SignOutAsync();
        await new SignedOutPage(otherTab).ExpectAsync("signed-out", "You have signed out.");

        await new SignedOutPage(visit.Page).ExpectAsync("signed-out", "You have signed out.");
        await new PageLayout(visit.Page).GoToStartAsync();
        await new StartPage(visit.Page).ExpectAnonymousAsync();
    }

    [Fact]
    public async Task Back_button_after_sign_out_shows_no_private_data()
    {
        await using var visit = await browser.SignInAsync(app.Url, TestUsers.Alice);
        var handle = await new StartPage(visit.Page).HandleAsync();
        var devices = new DevicesPage(visit.Page);
        await devices.OpenAsync();
        await new PageLayout(visit.Page).SignOutAsync();
        await new SignedOutPage(visit.Page).ExpectAsync("signed-out", "You have signed out.");

        await visit.Page.GoBackAsync();
        await new PageLayout(visit.Page).ExpectTitleAsync("Sign in");
        Assert.DoesNotContain("alice", await visit.Page.InnerTextAsync("body"), StringComparison.OrdinalIgnoreCase);

        await visit.Page.GoBackAsync();
        await new StartPage(visit.Page).ExpectAnonymousAsync();
        Assert.DoesNotContain(handle, await visit.Page.ContentAsync(), StringComparison.Ordinal);
    }
}
