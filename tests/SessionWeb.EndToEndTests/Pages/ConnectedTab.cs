namespace SessionWeb.EndToEndTests.Pages;

/// <summary>An open page that receives the events of its session, and its banner.</summary>
public sealed class ConnectedTab(IPage page)
{
    public ILocator Banner => page.Locator(".banner");

    /// <summary>Opens a page and waits until its event stream is open.</summary>
    public Task OpenAsync(string path) =>
        page.RunAndWaitForResponseAsync(() => page.GotoAsync(path), "**/session/events");

    public async Task StaySignedInAsync()
    {
        await Expect(Banner).ToContainTextAsync("You will be signed out at ");
        await Banner.GetByRole(AriaRole.Button, new() { Name = "Stay signed in" }).ClickAsync();
        await Expect(Banner).ToBeEmptyAsync();
    }
}
