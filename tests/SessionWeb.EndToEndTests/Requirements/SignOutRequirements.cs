namespace SessionWeb.EndToEndTests.Requirements;

/// <summary>After sign-out, the browser shows no private data.</summary>
[Collection<EmbeddedSiteGroup>]
public sealed class SignOutRequirements(EmbeddedSite site, Browser browser)
{
    [Fact]
    public async Task R20_Sign_out_clears_browser_data()
    {
        using var visitor = await site.SignInAsync();
        using var response = await visitor.SubmitAsync("/account/logout");

        var cleared = response.Headers.GetValues("Clear-Site-Data").Single();
        Assert.Contains("\"cache\"", cleared, StringComparison.Ordinal);
        Assert.Contains("\"storage\"", cleared, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R20_Back_button_after_sign_out_shows_no_private_data(bool javaScript)
    {
        var account = await site.RegisterAsync();
        await using var visit = await browser.VisitAsync(site.Url, options => options.JavaScriptEnabled = javaScript);
        await new SignInPage(visit.Page).SignInAsync(account);
        await new DevicesPage(visit.Page).OpenAsync();
        Assert.Contains(account.UserName, await visit.Page.ContentAsync(), StringComparison.Ordinal);

        await visit.Page.Locator("form[action*='logout'] button").ClickAsync();
        await new SignedOutPage(visit.Page).ExpectAsync("signed-out", "You have signed out.");
        await visit.Page.GoBackAsync();

        Assert.DoesNotContain(account.UserName, await visit.Page.ContentAsync(), StringComparison.Ordinal);
    }
}
