namespace SessionWeb.EndToEndTests.Pages;

/// <summary>/admin/sessions: all live sessions.</summary>
public sealed class AdminSessionsPage(IPage page)
{
    private readonly ILocator _filters = page.Locator("form:has([name=q])");
    private readonly ILocator _message = page.Locator("form:has([name=ids]) [name=message]");

    public Task OpenAsync() => page.GotoAsync("/admin/sessions");

    public ILocator RowsOf(string userName) => page.GetByRole(AriaRole.Row).Filter(new() { HasText = userName });

    public async Task SearchAsync(string name)
    {
        await page.Locator("[name=q]").FillAsync(name);
        await _filters.Locator("button").ClickAsync();
    }

    public async Task FilterAsync(string device, string sortLabel)
    {
        await page.Locator("[name=device]").FillAsync(device);
        await page.Locator("[name=sort]").SelectOptionAsync(new SelectOptionValue { Label = sortLabel });
        await _filters.Locator("button").ClickAsync();
    }

    public Task SelectAsync(string handle) => page.Locator($"[name=ids][value$=':{handle}']").CheckAsync();

    public Task SelectAllAsync() => page.Locator("[data-select-all]").CheckAsync();

    public Task FillMessageAsync(string message) => _message.FillAsync(message);

    public Task RevokeSelectedAsync() =>
        page.GetByRole(AriaRole.Button, new() { Name = "Revoke selected" }).ClickAsync();

    public async Task ExpectRefusedAsync(string error, string message)
    {
        await Expect(page.Locator(".field-validation-error")).ToContainTextAsync(error);
        await Expect(_message).ToHaveValueAsync(message);
    }

    /// <summary>Revokes the session with this handle.</summary>
    public Task RevokeAsync(string handle) => page.Locator($"button[name=id][value='{handle}']").ClickAsync();

    /// <summary>Waits for the page that states which nodes acknowledged the revocation.</summary>
    public Task ExpectAcknowledgedAsync() => Expect(page.GetByText("Confirmed by")).ToBeVisibleAsync();

    public Task RevokeAccountAsync(TestUser account) =>
        RowsOf(account.UserName).First.Locator("button[formaction*='handler=revoke-account']").ClickAsync();

    public async Task RevokeEveryoneAsync(bool confirmed = true)
    {
        var form = page.Locator("form[action*='handler=revoke-everyone']");
        if (confirmed)
            await form.Locator("[name=sure]").CheckAsync();
        await form.Locator("button").ClickAsync();
    }
}
