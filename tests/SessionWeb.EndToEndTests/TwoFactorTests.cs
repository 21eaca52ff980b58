namespace SessionWeb.EndToEndTests;

[Collection<OnEmbeddedApp>]
public sealed class TwoFactorTests(Browser browser, SharedEmbeddedApp app)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signing_in_takes_the_code_of_the_persons_app_until_it_is_switched_off(bool script)
    {
        var account = app.TakeUser();
        await using var other = await browser.SignInAsync(app.Url, account);
        await using var here = await browser.SignInAsync(app.Url, account, with => with.JavaScriptEnabled = script);

        var twoFactor = new TwoFactorPage(here.Page);
        await twoFactor.OpenAsync();
        await Expect(twoFactor.Picture).ToBeVisibleAsync();
        var key = await twoFactor.SwitchOnAsync(account.Password);
        await new Frame(here.Page).ExpectNoticeAsync("Two-factor sign-in is on.");
        await Expect(twoFactor.RecoveryCodes).ToHaveCountAsync(10);
        var recovery = await twoFactor.RecoveryCodes.First.InnerTextAsync();
        await new SignedOutPage(other.Page).ExpectByItselfAsync("two-factor-changed", "two-factor sign-in was turned on or off");

        var code = new CodePage(other.Page);
        await new SignInPage(other.Page).SignInAsync(account);
        await code.EnterAsync(Totp.Wrong(key));
        await code.ExpectRefusedAsync();
        Assert.Null(await other.SessionCookieAsync());
        await code.EnterAsync(recovery);
        await new StartPage(other.Page).ExpectSignedInAsync(account);

        await twoFactor.OpenAsync();
        await twoFactor.SwitchOffAsync(account.Password);
        await new Frame(here.Page).ExpectNoticeAsync("Two-factor sign-in is off. One other device was signed out.");
        await new SignInPage(other.Page).SignInAsync(account);
        await new StartPage(other.Page).ExpectSignedInAsync(account);
        here.AssertNoProblems();
    }
}
