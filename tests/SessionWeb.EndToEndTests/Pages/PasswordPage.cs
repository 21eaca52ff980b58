namespace SessionWeb.EndToEndTests.Pages;

/// <summary>/account/password</summary>
public sealed class PasswordPage(IPage page)
{
    public Task OpenAsync() => page.GotoAsync("/account/password");

    public async Task ChangeAsync(string current, string newPassword, string? confirmation = null)
    {
        await page.Locator("[name='Input.CurrentPassword']").FillAsync(current);
        await page.Locator("[name='Input.NewPassword']").FillAsync(newPassword);
        await page.Locator("[name='Input.ConfirmPassword']").FillAsync(confirmation ?? newPassword);
        await page.Locator("main form button").ClickAsync();
    }
}
