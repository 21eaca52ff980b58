namespace SessionWeb.EndToEndTests.Pages;

/// <summary>/account/login/code: the second step of sign-in.</summary>
public sealed class TwoFactorCodePage(IPage page)
{
    public async Task EnterAsync(string code)
    {
        await Expect(page.Locator("main h1")).ToHaveTextAsync("Enter your code");
        await page.Locator("[name='Input.Code']").FillAsync(code);
        await page.Locator("main form button").ClickAsync();
    }

    public Task ExpectRefusedAsync() =>
        Expect(page.Locator(".validation-summary-errors")).ToContainTextAsync("The code is incorrect");
}
