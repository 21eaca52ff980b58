using System.Text.RegularExpressions;

namespace SessionWeb.EndToEndTests.Pages;

/// <summary>/account/signed-out: shows why the session ended.</summary>
public sealed class SignedOutPage(IPage page)
{
    public async Task ExpectAsync(string reason, string text)
    {
        await Expect(page).ToHaveURLAsync(new Regex($"/account/signed-out\\?reason={reason}$"));
        await Expect(page.Locator("main")).ToContainTextAsync(text);
    }

    /// <summary>An open page redirects to the reason by itself. The next request is anonymous.</summary>
    public async Task ExpectRedirectAsync(string reason, string text)
    {
        await ExpectAsync(reason, text);
        await new PageLayout(page).GoToStartAsync();
        await new StartPage(page).ExpectAnonymousAsync();
    }

    /// <summary>Without JavaScript, the next click shows the reason once. Later requests are anonymous.</summary>
    public async Task ExpectAfterClickAsync(string reason, string text)
    {
        var layout = new PageLayout(page);
        await layout.GoToDevicesAsync();
        await ExpectAsync(reason, text);
        await layout.GoToStartAsync();
        await new StartPage(page).ExpectAnonymousAsync();
    }
}
