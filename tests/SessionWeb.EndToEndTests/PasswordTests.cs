namespace SessionWeb.EndToEndTests;

[Collection<EmbeddedAppGroup>]
public sealed class PasswordTests(Browser browser, SharedEmbeddedApp app)
{
    private const string NewPassword = "quite another five words";

    [Fact]
    public async Task Password_change_ends_every_other_session()
    {
        var account = app.TakeUser();
        await using var other = await browser.SignInAsync(app.Url, account);
        await using var current = await browser.SignInAsync(app.Url, account);
        var start = new StartPage(current.Page);
        var before = await start.HandleAsync();

        var password = new PasswordPage(current.Page);
        await password.OpenAsync();
        await password.ChangeAsync(account.Password, NewPassword);
        await new PageLayout(current.Page).ExpectNoticeAsync("Your password was changed.");

        await start.OpenAsync();
        await start.ExpectSignedInAsync(account);
        Assert.NotEqual(before, await start.HandleAsync());
        await new SignedOutPage(other.Page).ExpectRedirectAsync("password-changed", "your password was changed");

        var signIn = new SignInPage(other.Page);
        await signIn.SignInAsync(account);
        await Expect(other.Page.Locator(".validation-summary-errors")).ToContainTextAsync(
            "The user name or password is incorrect");
        await signIn.SignInAsync(account with { Password = NewPassword });
        await new StartPage(other.Page).ExpectSignedInAsync(account);
    }

    [Fact]
    public async Task Other_tab_continues_under_the_new_session()
    {
        var account = app.TakeUser();
        await using var current = await browser.SignInAsync(app.Url, account);
        var otherTab = await current.OpenTabAsync();
        await new StartPage(otherTab).OpenAsync();
        var before = await new StartPage(otherTab).HandleAsync();

        var password = new PasswordPage(current.Page);
        await password.OpenAsync();
        await password.ChangeAsync(account.Password, NewPassword);
        await new PageLayout(current.Page).ExpectNoticeAsync("Your password was changed.");

        await Expect(otherTab.Locator("main")).Not.ToContainTextAsync(before);
        await new StartPage(otherTab).ExpectSignedInAsync(account);
    }

    [Fact]
    public async Task Invalid_password_shows_a_field_error_and_ends_no_session()
    {
        var account = app.TakeUser();
        await using var other = await browser.SignInAsync(app.Url, account);
        await using var current = await browser.SignInAsync(app.Url, account);

        var password = new PasswordPage(current.Page);
        await password.OpenAsync();
        await password.ChangeAsync("not my password", NewPassword);
        await ExpectErrorAsync("Input.CurrentPassword", "Incorrect password.");
        await password.ChangeAsync(account.Password, "short");
        await ExpectErrorAsync("Input.NewPassword", "A password needs at least 15 characters");
        await password.ChangeAsync(account.Password, NewPassword, "something else");
        await ExpectErrorAsync("Input.ConfirmPassword", "The passwords do not match.");
        await password.ChangeAsync(account.Password, NewPassword, "");
        await ExpectErrorAsync("Input.ConfirmPassword", "The passwords do not match.");

        await new PageLayout(other.Page).GoToDevicesAsync();
        await new PageLayout(other.Page).ExpectTitleAsync("Your devices");

        Task ExpectErrorAsync(string field, string text) =>
            Expect(current.Page.Locator($"[data-valmsg-for='{field}']")).ToContainTextAsync(text);
    }
}
