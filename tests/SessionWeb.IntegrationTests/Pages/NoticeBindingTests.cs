using System.Net;

namespace SessionWeb.IntegrationTests.Pages;

/// <summary>What one page leaves for the next belongs to the session in which it was left.</summary>
public sealed class NoticeBindingTests(DemoApp app) : IClassFixture<DemoApp>
{
    private const string NoOther = "No other device was signed in.";

    [Fact]
    public async Task B08_Recovery_codes_are_not_shown_to_the_next_user()
    {
        await app.AddAccountAsync("b08.first", Password);
        await app.AddAccountAsync("b08.next", Password);
        using var person = app.NewVisitor();
        await person.TrySignInAsync("b08.first", Password);
        await SwitchOnAsync(person);
        (await person.SignOutAsync()).Dispose();
        await person.TrySignInAsync("b08.next", Password);
        Assert.Empty(TwoFactorForm.RecoveryCodesOf(await person.ReadAsync(TwoFactorForm.Path)));
    }

    [Fact]
    public async Task B08_Recovery_codes_are_not_shown_in_another_session()
    {
        var id = await app.AddAccountAsync("b08.ended", Password);
        await app.AddAccountAsync("b08.after", Password);
        using var person = app.NewVisitor();
        await person.TrySignInAsync("b08.ended", Password);
        await SwitchOnAsync(person);
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "sign-out")).Dispose();
        Assert.Null(await person.HandleAsync());
        Assert.True(await person.TrySignInAsync("b08.after", Password));
        Assert.Empty(TwoFactorForm.RecoveryCodesOf(await person.ReadAsync(TwoFactorForm.Path)));
    }

    [Fact]
    public async Task B08_Notice_of_a_session_is_not_shown_to_anonymous()
    {
        var id = await app.AddAccountAsync("b08.notice", Password);
        using var person = app.NewVisitor();
        await person.TrySignInAsync("b08.notice", Password);
        (await person.SubmitAsync("/account/sessions", "revoke-others")).Dispose();
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "sign-out")).Dispose();
        Assert.DoesNotContain(NoOther, await person.ReadAsync("/account/login"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task B08_Notice_is_shown_in_its_own_session()
    {
        await app.AddAccountAsync("b08.own", Password);
        using var person = app.NewVisitor();
        await person.TrySignInAsync("b08.own", Password);
        (await person.SubmitAsync("/account/sessions", "revoke-others")).Dispose();
        Assert.Contains(NoOther, await person.ReadAsync("/account/sessions"), StringComparison.Ordinal);
        Assert.DoesNotContain(NoOther, await person.ReadAsync("/account/sessions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task B08_Signing_out_and_in_remove_the_notice_cookie()
    {
        await app.AddAccountAsync("b08.cookie", Password);
        using var person = app.NewVisitor();
        await person.TrySignInAsync("b08.cookie", Password);
        await SwitchOnAsync(person);
        using (var left = await person.SignOutAsync())
            Assert.Contains(SetCookies(left), cookie => cookie.StartsWith("notice=;", StringComparison.Ordinal));

        await app.AddAccountAsync("b08.enters", Password);
        var token = await person.FormAsync("/account/login", new() { ["Input.UserName"] = "b08.enters", ["Input.Password"] = Password });
        // An anonymous notice that was not shown yet.
        (await person.GetAsync("/account/login/code")).Dispose();
        using var entered = await person.PostAsync("/account/login", token);
        Assert.Equal(HttpStatusCode.Found, entered.StatusCode);
        Assert.Contains(SetCookies(entered), cookie => cookie.StartsWith("notice=;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task B08_Anonymous_notice_is_shown_to_anonymous()
    {
        using var person = app.NewVisitor();
        (await person.GetAsync("/account/login/code")).Dispose();
        Assert.Contains("Enter your user name and password first", await person.ReadAsync("/account/login"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> SetCookies(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [];

    /// <summary>Switches the second factor on and leaves the page with the recovery codes unread.</summary>
    private static async Task SwitchOnAsync(Visitor person)
    {
        using var answer = await person.EnableTwoFactorAsync(key => Totp.Code(key), Password);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
    }
}
