namespace SessionWeb.EndToEndTests;

/// <summary>A person who does nothing is warned before the session expires, and can stay.</summary>
[Collection<OnEmbeddedApp>]
public sealed class ExpiryTests(Browser browser, ShortSessionsApp app) : IClassFixture<ShortSessionsApp>
{
    private const string Sentence = "You were signed out because you were inactive for too long.";

    [Fact]
    public async Task Banner_warns_and_its_button_keeps_one_signed_in()
    {
        await using var alice = await browser.SignInAsync(app.Url, TestUsers.Alice);
        var otherTab = await alice.OpenTabAsync();
        await otherTab.GotoAsync("/account/password");
        await alice.Page.GotoAsync("/");

        await new OpenTab(alice.Page).StaySignedInAsync();
        await Expect(new OpenTab(otherTab).Banner).ToBeEmptyAsync();
        await Expect(new OpenTab(otherTab).Banner).ToContainTextAsync("You will be signed out at ");

        await new SignedOutPage(alice.Page).ExpectAsync("idle", Sentence);
        await new SignedOutPage(otherTab).ExpectAsync("idle", Sentence);
        alice.AssertNoProblems();
    }

    [Fact]
    public async Task Page_without_a_script_goes_to_the_warning_and_back_by_one_link()
    {
        await using var alice = await browser.SignInAsync(app.Url, TestUsers.Alice, with => with.JavaScriptEnabled = false);
        await new DevicesPage(alice.Page).OpenAsync();

        await new Frame(alice.Page).ExpectTitleAsync("Your session is about to expire");
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Stay signed in" }).ClickAsync();
        await new Frame(alice.Page).ExpectTitleAsync("Your devices");

        await new Frame(alice.Page).ExpectTitleAsync("Your session is about to expire");
        await new SignedOutPage(alice.Page).ExpectAsync("idle", Sentence);
    }

    [Fact]
    public async Task Warning_leads_nowhere_but_to_this_site()
    {
        await using var alice = await browser.SignInAsync(app.Url, TestUsers.Alice);
        foreach (var (returnUrl, link) in new[] { ("/account/sessions?x=1", "/account/sessions?x=1"), ("https://elsewhere.test/", "/"), ("//elsewhere.test/", "/"), ("javascript:alert(1)", "/") })
        {
            await alice.Page.GotoAsync($"/account/expiring?returnUrl={Uri.EscapeDataString(returnUrl)}");
            await Expect(alice.Page.GetByRole(AriaRole.Button, new() { Name = "Stay signed in", Exact = true })).ToHaveAttributeAsync("href", link);
            await new StartPage(alice.Page).OpenAsync();
        }
    }
}
