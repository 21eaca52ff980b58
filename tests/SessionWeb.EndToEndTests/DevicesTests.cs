namespace SessionWeb.EndToEndTests;

[Collection<OnEmbeddedApp>]
public sealed class DevicesTests(Browser browser, SharedEmbeddedApp app)
{
    private const string Reason = "revoked-by-you";
    private const string Sentence = "You signed out this device from another device.";

    [Fact]
    public async Task Device_is_signed_out_from_another_one()
    {
        var account = app.TakeUser();
        await using var lost = await browser.SignInAsync(app.Url, account);
        await using var here = await browser.SignInAsync(app.Url, account);
        var handle = await new StartPage(lost.Page).HandleAsync();

        var devices = new DevicesPage(here.Page);
        await devices.OpenAsync();
        await Expect(devices.Rows).ToHaveCountAsync(2);
        await devices.RevokeAsync(handle);
        await new Frame(here.Page).ExpectNoticeAsync("The device was signed out.");
        await Expect(devices.Rows).ToHaveCountAsync(1);

        await new SignedOutPage(lost.Page).ExpectByItselfAsync(Reason, Sentence);
    }

    [Fact]
    public async Task All_other_devices_are_signed_out_and_this_one_stays()
    {
        var account = app.TakeUser();
        await using var first = await browser.SignInAsync(app.Url, account);
        await using var second = await browser.SignInAsync(app.Url, account);
        await using var here = await browser.SignInAsync(app.Url, account);

        var devices = new DevicesPage(here.Page);
        await devices.OpenAsync();
        await devices.RevokeOthersAsync();
        await new Frame(here.Page).ExpectNoticeAsync("2 other devices were signed out.");

        await Expect(devices.Rows).ToHaveCountAsync(1);
        await Expect(here.Page.Locator("main")).ToContainTextAsync("You are signed in on this device only.");
        foreach (var visit in new[] { first, second })
            await new SignedOutPage(visit.Page).ExpectByItselfAsync(Reason, Sentence);
    }

    [Fact]
    public async Task Device_in_use_cannot_be_signed_out_by_accident()
    {
        var account = app.TakeUser();
        await using var other = await browser.SignInAsync(app.Url, account);
        await using var here = await browser.SignInAsync(app.Url, account);
        var handle = await new StartPage(here.Page).HandleAsync();

        var devices = new DevicesPage(here.Page);
        await devices.OpenAsync();
        await Expect(devices.Current).ToHaveCountAsync(1);
        Assert.DoesNotContain(handle, await devices.HandlesAsync());

        // Nor by a form that was made up.
        await here.Page.EvalOnSelectorAsync("main form input[name='id']", "(input, handle) => input.value = handle", handle);
        await devices.RevokeAsync(handle);
        await new Frame(here.Page).ExpectNoticeAsync("You are using this device.");
        await Expect(devices.Rows).ToHaveCountAsync(2);
    }
}
