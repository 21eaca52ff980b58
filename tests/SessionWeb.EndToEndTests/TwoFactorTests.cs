namespace SessionWeb.EndToEndTests;

[Collection<EmbeddedAppGroup>]
public sealed class TwoFactorTests(Browser browser, SharedEmbeddedApp app)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sign_in_requires_a_code_while_two_factor_is_on(bool javaScript)
    {
        var account = app.TakeUser();
        await using var other = await browser.SignInAsync(app.Url, account);
        await using var current = await browser.SignInAsync(
            app.Url, account, options => options.JavaScriptEnabled = javaScript);

        var twoFactor = new TwoFactorPage(current.Page);
        await twoFactor.OpenAsync();
        await Expect(twoFactor.QrCode).ToBeVisibleAsync();
        var key = await twoFactor.EnableAsync(account.Password);
        await new PageLayout(current.Page).ExpectNoticeAsync("Two-factor sign-in is on.");
        await Expect(twoFactor.RecoveryCodes).ToHaveCountAsync(10);
        var recoveryCode = await twoFactor.RecoveryCodes.First.InnerTextAsync();
        await ExpectOtherSignedOutAsync();

        var codePage = new TwoFactorCodePage(other.Page);
        await new SignInPage(other.Page).SignInAsync(account);
        await codePage.EnterAsync(Totp.Wrong(key));
        await codePage.ExpectRefusedAsync();
        Assert.Null(await other.SessionCookieAsync());
        await codePage.EnterAsync(recoveryCode);
        await new StartPage(other.Page).ExpectSignedInAsync(account);

        await twoFactor.OpenAsync();
        await twoFactor.DisableAsync(account.Password);
        await new PageLayout(current.Page).ExpectNoticeAsync(
            "Two-factor sign-in is off. One other device was signed out.");
        await ExpectOtherSignedOutAsync();
        await new SignInPage(other.Page).SignInAsync(account);
        await new StartPage(other.Page).ExpectSignedInAsync(account);
        current.AssertNoProblems();

        Task ExpectOtherSignedOutAsync() => new SignedOutPage(other.Page).ExpectRedirectAsync(
            "two-factor-changed", "two-factor sign-in was turned on or off");
    }
}
