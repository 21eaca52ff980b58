namespace SessionWeb.EndToEndTests.Pages;

/// <summary>What an open page hears of its session, and shows of it.</summary>
public sealed class OpenTab(IPage page)
{
    public ILocator Banner => page.Locator(".banner");

    /// <summary>Opens a page and waits until it listens.</summary>
    public Task OpenAsync(string path) => page.RunAndWaitForResponseAsync(() => page.GotoAsync(path), "**/session/events");

    public async Task StaySignedInAsync()
    {
        await Expect(Banner).ToContainTextAsync("You will be signed out at ");
        await Banner.GetByRole(AriaRole.Button, new() { Name = "Stay signed in" }).ClickAsync();
        await Expect(Banner).ToBeEmptyAsync();
    }
}
