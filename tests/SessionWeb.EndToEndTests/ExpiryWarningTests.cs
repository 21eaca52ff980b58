namespace SessionWeb.EndToEndTests;

/// <summary>An inactive user is warned before the session expires and can extend it.</summary>
[Collection<EmbeddedAppGroup>]
public sealed class ExpiryWarningTests(Browser browser, ShortIdleTimeoutApp app) : IClassFixture<ShortIdleTimeoutApp>
{
    private const string ReasonText = "You were signed out because you were inactive for too long.";

    [Fact]
    public async Task Stay_signed_in_button_extends_the_session()
    {
        await using var alice = await browser.SignInAsync(app.Url, TestUsers.Alice);
        var otherTab = await alice.OpenTabAsync();
        await otherTab.GotoAsync("/account/password");
        await alice.Page.GotoAsync("/");

        await new ConnectedTab(alice.Page).StaySignedInAsync();
        await Expect(new ConnectedTab(otherTab).Banner).ToBeEmptyAsync();
        await Expect(new ConnectedTab(otherTab).Banner).ToContainTextAsync("You will be signed out at ");

        await new SignedOutPage(alice.Page).ExpectAsync("idle", ReasonText);
        await new SignedOutPage(otherTab).ExpectAsync("idle", ReasonText);
        alice.AssertNoProblems();
    }

    [Fact]
    public async Task Page_without_JavaScript_redirects_to_the_expiry_warning()
    {
        await using var alice = await browser.SignInAsync(
            app.Url, TestUsers.Alice, options => options.JavaScriptEnabled = false);
        await new DevicesPage(alice.Page).OpenAsync();

        await new PageLayout(alice.Page).ExpectTitleAsync("Your session is about to expire");
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Stay signed in" }).ClickAsync();
        await new PageLayout(alice.Page).ExpectTitleAsync("Your devices");

        await new PageLayout(alice.Page).ExpectTitleAsync("Your session is about to expire");
        await new SignedOutPage(alice.Page).ExpectAsync("idle", ReasonText);
    }

    [Fact]
    public async Task Expiry_warning_links_only_to_local_pages()
    {
        await using var alice = await browser.SignInAsync(app.Url, TestUsers.Alice);
        foreach (var (returnUrl, link) in ((string, string)[])
        [
            ("/account/sessions?x=1", "/account/sessions?x=1"),
            ("https://elsewhere.test/", "/"),
            ("//elsewhere.test/", "/"),
            ("javascript:alert(1)", "/"),
        ])
        {
            await alice.Page.GotoAsync($"/account/expiring?returnUrl={Uri.EscapeDataString(returnUrl)}");
            var button = alice.Page.GetByRole(AriaRole.Button, new() { Name = "Stay signed in", Exact = true });
            await Expect(button).ToHaveAttributeAsync("href", link);
            await new StartPage(alice.Page).OpenAsync();
        }
    }
}
