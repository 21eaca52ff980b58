namespace SessionWeb.EndToEndTests.Pages;

/// <summary>The parts that all pages share: the header, the title, and the notice after an action.</summary>
public sealed class PageLayout(IPage page)
{
    public Task GoToStartAsync() => page.Locator(".site-header .brand").ClickAsync();

    public Task GoToDevicesAsync() => page.Locator(".site-nav").GetByText("Devices").ClickAsync();

    public Task SignOutAsync() =>
        page.Locator(".site-header form [type=submit], .site-header form button").ClickAsync();

    public Task ExpectTitleAsync(string title) => Expect(page.Locator("main h1")).ToHaveTextAsync(title);

    public Task ExpectNoticeAsync(string text) => Expect(page.Locator("main .notice")).ToContainTextAsync(text);
}
