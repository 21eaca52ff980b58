using System.Net;

namespace SessionWeb.IntegrationTests.Pages;

/// <summary>A notice for the next page is bound to the session that created it.</summary>
public sealed class NoticeBindingTests(DemoApp app) : IClassFixture<DemoApp>
{
    private const string Notice = "No other device was signed in.";

    [Fact]
    public async Task B08_Recovery_codes_are_not_shown_to_the_next_user()
    {
        await app.AddAccountAsync("b08.first", Password);
        await app.AddAccountAsync("b08.next", Password);
        using var visitor = app.NewVisitor();
        await visitor.TrySignInAsync("b08.first", Password);
        await EnableTwoFactorAsync(visitor);
        (await visitor.SignOutAsync()).Dispose();
        await visitor.TrySignInAsync("b08.next", Password);
        Assert.Empty(TwoFactorForm.RecoveryCodesOf(await visitor.ReadAsync(TwoFactorForm.Path)));
    }

    [Fact]
    public async Task B08_Recovery_codes_are_not_shown_in_another_session()
    {
        var id = await app.AddAccountAsync("b08.ended", Password);
        await app.AddAccountAsync("b08.after", Password);
        using var visitor = app.NewVisitor();
        await visitor.TrySignInAsync("b08.ended", Password);
        await EnableTwoFactorAsync(visitor);
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "sign-out")).Dispose();
        Assert.Null(await visitor.HandleAsync());
        Assert.True(await visitor.TrySignInAsync("b08.after", Password));
        Assert.Empty(TwoFactorForm.RecoveryCodesOf(await visitor.ReadAsync(TwoFactorForm.Path)));
    }

    [Fact]
    public async Task B08_Notice_of_a_session_is_not_shown_to_anonymous_clients()
    {
        var id = await app.AddAccountAsync("b08.notice", Password);
        using var visitor = app.NewVisitor();
        await visitor.TrySignInAsync("b08.notice", Password);
        (await visitor.SubmitAsync("/account/sessions", "revoke-others")).Dispose();
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "sign-out")).Dispose();
        Assert.DoesNotContain(Notice, await visitor.ReadAsync("/account/login"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task B08_Notice_is_shown_once_in_its_session()
    {
        await app.AddAccountAsync("b08.own", Password);
        using var visitor = app.NewVisitor();
        await visitor.TrySignInAsync("b08.own", Password);
        (await visitor.SubmitAsync("/account/sessions", "revoke-others")).Dispose();
        Assert.Contains(Notice, await visitor.ReadAsync("/account/sessions"), StringComparison.Ordinal);
        Assert.DoesNotContain(Notice, await visitor.ReadAsync("/account/sessions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task B08_Sign_in_and_sign_out_delete_the_notice_cookie()
    {
        await app.AddAccountAsync("b08.cookie", Password);
        using var visitor = app.NewVisitor();
        await visitor.TrySignInAsync("b08.cookie", Password);
        await EnableTwoFactorAsync(visitor);
        using (var signedOut = await visitor.SignOutAsync())
            Assert.Contains(SetCookies(signedOut), cookie => cookie.StartsWith("notice=;", StringComparison.Ordinal));

        await app.AddAccountAsync("b08.enters", Password);
        var token = await visitor.FormAsync(
            "/account/login", new() { ["Input.UserName"] = "b08.enters", ["Input.Password"] = Password });
        // Creates an anonymous notice that no page has shown.
        (await visitor.GetAsync("/account/login/code")).Dispose();
        using var signedIn = await visitor.PostAsync("/account/login", token);
        Assert.Equal(HttpStatusCode.Found, signedIn.StatusCode);
        Assert.Contains(SetCookies(signedIn), cookie => cookie.StartsWith("notice=;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task B08_Anonymous_notice_is_shown_to_the_anonymous_client()
    {
        using var visitor = app.NewVisitor();
        (await visitor.GetAsync("/account/login/code")).Dispose();
        Assert.Contains(
            "Enter your user name and password first", await visitor.ReadAsync("/account/login"),
            StringComparison.Ordinal);
    }

    private static IEnumerable<string> SetCookies(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [];

    /// <summary>Enables two-factor sign-in and does not open the page with the recovery codes.</summary>
    private static async Task EnableTwoFactorAsync(Visitor visitor)
    {
        using var response = await visitor.EnableTwoFactorAsync(key => Totp.Code(key), Password);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
    }
}
