namespace SessionWeb.EndToEndTests.Pages;

/// <summary>/account/sessions: the devices on which the user is signed in.</summary>
public sealed class DevicesPage(IPage page)
{
    private readonly ILocator _handles = page.Locator("main form input[name='id']");

    public Task OpenAsync() => page.GotoAsync("/account/sessions");

    public ILocator Rows => page.Locator("tbody tr");

    /// <summary>The row of the current device.</summary>
    public ILocator Current => Rows.Filter(new() { HasText = "This device" });

    /// <summary>The handles of the devices that this page can sign out.</summary>
    public async Task<IReadOnlyList<string>> HandlesAsync() =>
        await _handles.EvaluateAllAsync<string[]>("inputs => inputs.map(input => input.value)");

    public Task RevokeAsync(string handle) =>
        page.Locator($"form:has(input[name='id'][value='{handle}']) button").ClickAsync();

    public Task RevokeOthersAsync() => page.Locator("form[action*='handler=revoke-others'] button").ClickAsync();
}
