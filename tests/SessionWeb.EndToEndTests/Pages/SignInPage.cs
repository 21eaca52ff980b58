namespace SessionWeb.EndToEndTests.Pages;

/// <summary>/account/login</summary>
public sealed class SignInPage(IPage page)
{
    private readonly ILocator _form = page.Locator("form:has([name='Input.UserName'])");

    public async Task OpenAsync(string? returnUrl = null) =>
        await page.GotoAsync(
            returnUrl is null ? "/account/login" : $"/account/login?returnUrl={Uri.EscapeDataString(returnUrl)}");

    public async Task SignInAsync(TestUser account, bool rememberMe = false)
    {
        await OpenAsync();
        await SubmitAsync(account.UserName, account.Password, rememberMe);
    }

    public async Task SubmitAsync(string userName, string password, bool rememberMe = false)
    {
        await _form.Locator("[name='Input.UserName']").FillAsync(userName);
        await _form.Locator("[name='Input.Password']").FillAsync(password);
        await _form.Locator("[name='Input.RememberMe'][type=checkbox]").SetCheckedAsync(rememberMe);
        await _form.Locator("button").ClickAsync();
    }
}
