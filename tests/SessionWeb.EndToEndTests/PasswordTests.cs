namespace SessionWeb.EndToEndTests;

[Collection<OnEmbeddedApp>]
public sealed class PasswordTests(Browser browser, SharedEmbeddedApp app)
{
    private const string Chosen = "quite another five words";

    [Fact]
    public async Task Changed_password_ends_every_other_session_and_the_old_one_no_longer_works()
    {
        var account = app.TakeUser();
        await using var other = await browser.SignInAsync(app.Url, account);
        await using var here = await browser.SignInAsync(app.Url, account);
        var start = new StartPage(here.Page);
        var before = await start.HandleAsync();

        var password = new PasswordPage(here.Page);
        await password.OpenAsync();
        await password.ChangeAsync(account.Password, Chosen);
        await new Frame(here.Page).ExpectNoticeAsync("Your password was changed.");

        await start.OpenAsync();
        await start.ExpectSignedInAsync(account);
        Assert.NotEqual(before, await start.HandleAsync());
        await new SignedOutPage(other.Page).ExpectByItselfAsync("password-changed", "your password was changed");

        var signIn = new SignInPage(other.Page);
        await signIn.SignInAsync(account);
        await Expect(other.Page.Locator(".validation-summary-errors")).ToContainTextAsync("The user name or password is incorrect");
        await signIn.SignInAsync(account with { Password = Chosen });
        await new StartPage(other.Page).ExpectSignedInAsync(account);
    }

    [Fact]
    public async Task Other_tab_goes_on_under_the_new_session()
    {
        var account = app.TakeUser();
        await using var here = await browser.SignInAsync(app.Url, account);
        var otherTab = await here.OpenTabAsync();
        await new StartPage(otherTab).OpenAsync();
        var before = await new StartPage(otherTab).HandleAsync();

        var password = new PasswordPage(here.Page);
        await password.OpenAsync();
        await password.ChangeAsync(account.Password, Chosen);
        await new Frame(here.Page).ExpectNoticeAsync("Your password was changed.");

        await Expect(otherTab.Locator("main")).Not.ToContainTextAsync(before);
        await new StartPage(otherTab).ExpectSignedInAsync(account);
    }

    [Fact]
    public async Task Refused_password_says_at_its_field_why_and_ends_nothing()
    {
        var account = app.TakeUser();
        await using var other = await browser.SignInAsync(app.Url, account);
        await using var here = await browser.SignInAsync(app.Url, account);

        var password = new PasswordPage(here.Page);
        await password.OpenAsync();
        await password.ChangeAsync("not my password", Chosen);
        await ExpectErrorAsync("Input.CurrentPassword", "Incorrect password.");
        await password.ChangeAsync(account.Password, "short");
        await ExpectErrorAsync("Input.NewPassword", "A password needs at least 15 characters");
        await password.ChangeAsync(account.Password, Chosen, "something else");
        await ExpectErrorAsync("Input.ConfirmPassword", "The passwords do not match.");
        await password.ChangeAsync(account.Password, Chosen, "");
        await ExpectErrorAsync("Input.ConfirmPassword", "The passwords do not match.");

        await new Frame(other.Page).GoToDevicesAsync();
        await new Frame(other.Page).ExpectTitleAsync("Your devices");

        Task ExpectErrorAsync(string field, string text) =>
            Expect(here.Page.Locator($"[data-valmsg-for='{field}']")).ToContainTextAsync(text);
    }
}
