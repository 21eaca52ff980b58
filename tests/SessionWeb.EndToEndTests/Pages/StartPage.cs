namespace SessionWeb.EndToEndTests.Pages;

/// <summary>/: the signed-in user, or the welcome text for anonymous requests.</summary>
public sealed class StartPage(IPage page)
{
    private readonly ILocator _title = page.Locator("main h1");

    public async Task OpenAsync() => await page.GotoAsync("/");

    public Task ExpectSignedInAsync(TestUser account) =>
        Expect(_title).ToHaveTextAsync($"You are signed in as {account.UserName}");

    public async Task ExpectAnonymousAsync()
    {
        await Expect(_title).ToHaveTextAsync("Welcome");
        await Expect(page.Locator("main")).ToContainTextAsync("You are not signed in.");
    }

    /// <summary>The handle of this browser's session.</summary>
    public Task<string> HandleAsync() => page.Locator("dt:text-is('Session') + dd").InnerTextAsync();

    public ILocator SignedInAt => page.Locator("dt:text-is('Signed in') + dd time");
}
