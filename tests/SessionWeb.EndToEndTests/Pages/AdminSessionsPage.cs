namespace SessionWeb.EndToEndTests.Pages;

/// <summary>/admin/sessions: who is online.</summary>
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

    public async Task FilterAsync(string device, string order)
    {
        await page.Locator("[name=device]").FillAsync(device);
        await page.Locator("[name=sort]").SelectOptionAsync(new SelectOptionValue { Label = order });
        await _filters.Locator("button").ClickAsync();
    }

    public Task ChooseAsync(string handle) => page.Locator($"[name=ids][value$=':{handle}']").CheckAsync();

    public Task ChooseAllAsync() => page.Locator("[data-select-all]").CheckAsync();

    public Task WriteAsync(string message) => _message.FillAsync(message);

    public Task RevokeChosenAsync() => page.GetByRole(AriaRole.Button, new() { Name = "Revoke selected" }).ClickAsync();

    public async Task ExpectRefusedAsync(string sentence, string typed)
    {
        await Expect(page.Locator(".field-validation-error")).ToContainTextAsync(sentence);
        await Expect(_message).ToHaveValueAsync(typed);
    }

    /// <summary>Ends the one session with this public handle.</summary>
    public Task RevokeAsync(string handle) =>
        page.Locator($"button[name=id][value='{handle}']").ClickAsync();

    /// <summary>Waits for the page that says who acknowledged it.</summary>
    public Task ExpectConfirmedAsync() => Expect(page.GetByText("Confirmed by")).ToBeVisibleAsync();

    public Task RevokeAccountAsync(TestUser account) =>
        RowsOf(account.UserName).First.Locator("button[formaction*='handler=revoke-account']").ClickAsync();

    public async Task RevokeEveryoneAsync(bool sure = true)
    {
        var form = page.Locator("form[action*='handler=revoke-everyone']");
        if (sure)
            await form.Locator("[name=sure]").CheckAsync();
        await form.Locator("button").ClickAsync();
    }
}
