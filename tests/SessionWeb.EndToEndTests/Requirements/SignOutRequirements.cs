namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>After signing out, the browser has nothing left to show.</summary>
[Collection<OnEmbeddedSite>]
public sealed class SignOutRequirements(EmbeddedSite site, Browser browser)
{
    [Fact]
    public async Task R20_Signing_out_clears_what_the_browser_kept()
    {
        using var visitor = await site.SignInAsync();
        using var answer = await visitor.SubmitAsync("/account/logout");

        var cleared = answer.Headers.GetValues("Clear-Site-Data").Single();
        Assert.Contains("\"cache\"", cleared, StringComparison.Ordinal);
        Assert.Contains("\"storage\"", cleared, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R20_Back_shows_nothing_after_signing_out(bool javaScript)
    {
        var account = await site.RegisterAsync();
        await using var visit = await browser.VisitAsync(site.Url, with => with.JavaScriptEnabled = javaScript);
        await new SignInPage(visit.Page).SignInAsync(account);
        await new DevicesPage(visit.Page).OpenAsync();
        Assert.Contains(account.UserName, await visit.Page.ContentAsync(), StringComparison.Ordinal);

        await visit.Page.Locator("form[action*='logout'] button").ClickAsync();
        await new SignedOutPage(visit.Page).ExpectAsync("signed-out", "You have signed out.");
        await visit.Page.GoBackAsync();

        Assert.DoesNotContain(account.UserName, await visit.Page.ContentAsync(), StringComparison.Ordinal);
    }
}
