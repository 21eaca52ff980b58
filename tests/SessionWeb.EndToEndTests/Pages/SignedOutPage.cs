using System.Text.RegularExpressions;

namespace SessionWeb.EndToEndTests.Pages;

/// <summary>/account/signed-out: says why.</summary>
public sealed class SignedOutPage(IPage page)
{
    public async Task ExpectAsync(string reason, string sentence)
    {
        await Expect(page).ToHaveURLAsync(new Regex($"/account/signed-out\\?reason={reason}$"));
        await Expect(page.Locator("main")).ToContainTextAsync(sentence);
    }

    /// <summary>An open page goes there by itself, and that once: at the next click one is a stranger.</summary>
    public async Task ExpectByItselfAsync(string reason, string sentence)
    {
        await ExpectAsync(reason, sentence);
        await new Frame(page).GoToStartAsync();
        await new StartPage(page).ExpectStrangerAsync();
    }

    /// <summary>Without a script, the reason is told at the next click, and at that one alone: after it one is a stranger.</summary>
    public async Task ExpectAtNextClickAsync(string reason, string sentence)
    {
        var frame = new Frame(page);
        await frame.GoToDevicesAsync();
        await ExpectAsync(reason, sentence);
        await frame.GoToStartAsync();
        await new StartPage(page).ExpectStrangerAsync();
    }
}
