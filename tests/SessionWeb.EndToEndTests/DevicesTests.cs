namespace SessionWeb.EndToEndTests;

[Collection<EmbeddedAppGroup>]
public sealed class DevicesTests(Browser browser, SharedEmbeddedApp app)
{
    private const string Reason = "revoked-by-you";
    private const string ReasonText = "You signed out this device from another device.";

    [Fact]
    public async Task Device_can_be_signed_out_from_another_device()
    {
        var account = app.TakeUser();
        await using var other = await browser.SignInAsync(app.Url, account);
        await using var current = await browser.SignInAsync(app.Url, account);
        var handle = await new StartPage(other.Page).HandleAsync();

        var devices = new DevicesPage(current.Page);
        await devices.OpenAsync();
        await Expect(devices.Rows).ToHaveCountAsync(2);
        await devices.RevokeAsync(handle);
        await new PageLayout(current.Page).ExpectNoticeAsync("The device was signed out.");
        await Expect(devices.Rows).ToHaveCountAsync(1);

        await new SignedOutPage(other.Page).ExpectRedirectAsync(Reason, ReasonText);
    }

    [Fact]
    public async Task Revoking_other_devices_keeps_the_current_one()
    {
        var account = app.TakeUser();
        await using var first = await browser.SignInAsync(app.Url, account);
        await using var second = await browser.SignInAsync(app.Url, account);
        await using var current = await browser.SignInAsync(app.Url, account);

        var devices = new DevicesPage(current.Page);
        await devices.OpenAsync();
        await devices.RevokeOthersAsync();
        await new PageLayout(current.Page).ExpectNoticeAsync("2 other devices were signed out.");

        await Expect(devices.Rows).ToHaveCountAsync(1);
        await Expect(current.Page.Locator("main")).ToContainTextAsync("You are signed in on this device only.");
        foreach (var visit in new[] { first, second })
            await new SignedOutPage(visit.Page).ExpectRedirectAsync(Reason, ReasonText);
    }

    [Fact]
    public async Task Current_device_cannot_be_revoked_from_the_list()
    {
        var account = app.TakeUser();
        await using var other = await browser.SignInAsync(app.Url, account);
        await using var current = await browser.SignInAsync(app.Url, account);
        var handle = await new StartPage(current.Page).HandleAsync();

        var devices = new DevicesPage(current.Page);
        await devices.OpenAsync();
        await Expect(devices.Current).ToHaveCountAsync(1);
        Assert.DoesNotContain(handle, await devices.HandlesAsync());

        // A forged form is refused too.
        await current.Page.EvalOnSelectorAsync(
            "main form input[name='id']", "(input, handle) => input.value = handle", handle);
        await devices.RevokeAsync(handle);
        await new PageLayout(current.Page).ExpectNoticeAsync("You are using this device.");
        await Expect(devices.Rows).ToHaveCountAsync(2);
    }
}
