namespace SessionWeb.EndToEndTests.Pages;

/// <summary>/account/two-factor</summary>
public sealed class TwoFactorPage(IPage page)
{
    public ILocator QrCode => page.Locator(".qr svg");

    public ILocator RecoveryCodes => page.Locator(".codes li");

    public Task OpenAsync() => page.GotoAsync("/account/two-factor");

    /// <returns>The authenticator key.</returns>
    public async Task<string> EnableAsync(string password)
    {
        var key = await page.Locator("#key").InnerTextAsync();
        await page.Locator("[name='Input.Code']").FillAsync(Totp.Code(key));
        await SubmitAsync("enable", password);
        return key;
    }

    public Task DisableAsync(string password) => SubmitAsync("disable", password);

    private async Task SubmitAsync(string handler, string password)
    {
        var form = page.Locator($"form[action*='handler={handler}']");
        await form.Locator("[name='Input.CurrentPassword']").FillAsync(password);
        await form.Locator("button").ClickAsync();
    }
}
