using Microsoft.Playwright;
using SessionWeb.BrowserTests.Browsing;
using SessionWeb.BrowserTests.Pages;
using SessionWeb.BrowserTests.Running;
using static Microsoft.Playwright.Assertions;

namespace SessionWeb.BrowserTests;

/// <summary>An app whose sessions last fifteen seconds; people are warned three seconds before.</summary>
public sealed class ShortSessionsApp : IAsyncLifetime
{
    private readonly EmbeddedApp _app = new() { Settings = { ["Sessions:IdleTimeout"] = "00:00:15" } };

    public Uri Url => _app.Url;

    public ValueTask InitializeAsync() => _app.InitializeAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>A person who does nothing is warned before the session expires, and can stay.</summary>
[Collection<OnEmbeddedApp>]
public sealed class ExpiryTests(Browser browser, ShortSessionsApp app) : IClassFixture<ShortSessionsApp>
{
    private const string Sentence = "You were signed out because you were away for a while.";

    [Fact]
    public async Task Banner_warns_and_its_button_keeps_one_signed_in()
    {
        await using var alice = await browser.SignInAsync(app.Url, DemoAccount.Alice);
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
        await using var alice = await browser.SignInAsync(app.Url, DemoAccount.Alice, with => with.JavaScriptEnabled = false);
        await new DevicesPage(alice.Page).OpenAsync();

        await new Frame(alice.Page).ExpectTitleAsync("Still there?");
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Stay signed in" }).ClickAsync();
        await new Frame(alice.Page).ExpectTitleAsync("Your devices");

        await new Frame(alice.Page).ExpectTitleAsync("Still there?");
        await new SignedOutPage(alice.Page).ExpectAsync("idle", Sentence);
    }

    [Fact]
    public async Task Warning_leads_nowhere_but_to_this_site()
    {
        await using var alice = await browser.SignInAsync(app.Url, DemoAccount.Alice);
        foreach (var (returnUrl, link) in new[] { ("/account/sessions?x=1", "/account/sessions?x=1"), ("https://elsewhere.test/", "/"), ("//elsewhere.test/", "/"), ("javascript:alert(1)", "/") })
        {
            await alice.Page.GotoAsync($"/account/expiring?returnUrl={Uri.EscapeDataString(returnUrl)}");
            await Expect(alice.Page.GetByRole(AriaRole.Button, new() { Name = "Stay signed in", Exact = true })).ToHaveAttributeAsync("href", link);
            await new StartPage(alice.Page).OpenAsync();
        }
    }
}
