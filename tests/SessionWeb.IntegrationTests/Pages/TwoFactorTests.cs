using System.Net;

namespace SessionWeb.IntegrationTests.Pages;

public sealed class TwoFactorTests(DemoApp app) : IClassFixture<DemoApp>
{
    private const string Page = TwoFactorForm.Path;
    private const string Refused = "The code is incorrect, or this account cannot sign in at the moment.";

    [Fact]
    public async Task Switching_it_on_renews_the_own_session_ends_the_others_and_shows_the_codes_once()
    {
        await app.AddAccountAsync("two.on", Password);
        using var person = app.NewVisitor();
        using var other = app.NewVisitor();
        await person.TrySignInAsync("two.on", Password);
        await other.TrySignInAsync("two.on", Password);
        var before = await person.HandleAsync();
        var key = TwoFactorForm.KeyOf(await person.ReadAsync(Page));
        Assert.Contains("<svg", await person.ReadAsync(Page), StringComparison.Ordinal);

        using (var wrong = await person.EnableTwoFactorAsync(key => Totp.Wrong(key), Password))
            Assert.Matches("data-valmsg-for=\"Input.Code\"[^>]*>The code is incorrect", await wrong.Content.ReadAsStringAsync());
        using (var wrong = await person.EnableTwoFactorAsync(key => Totp.Code(key), "not my password"))
            Assert.Matches("data-valmsg-for=\"Input.CurrentPassword\"[^>]*>Incorrect password", await wrong.Content.ReadAsStringAsync());
        Assert.Equal(before, await person.HandleAsync());
        Assert.NotNull(await other.HandleAsync());
        (await person.EnableTwoFactorAsync(key => Totp.Code(key), Password)).Dispose();

        var page = await person.ReadAsync(Page);
        Assert.Contains("Two-factor sign-in is on. One other device was signed out.", page, StringComparison.Ordinal);
        Assert.Equal(10, TwoFactorForm.RecoveryCodesOf(page).Count);
        Assert.Empty(TwoFactorForm.RecoveryCodesOf(await person.ReadAsync(Page)));
        Assert.True(await person.HandleAsync() is { } after && after != before);
        using (var told = await other.GetAsync("/account/sessions"))
            Assert.Equal("/account/signed-out?reason=two-factor-changed", told.Headers.Location?.OriginalString);
        Assert.Equal(
            [("sign-in-refused", "wrong-code"), ("sign-in-refused", "wrong-password"), ("two-factor-enabled", null), ("sessions-ended", "two-factor-changed")],
            (await app.AuditAsync("two.on")).Skip(3).Select(entry => (entry.Event, entry.Reason)));
    }

    [Fact]
    public async Task Password_alone_is_no_session_and_the_code_makes_it_one_once()
    {
        var (_, key, _) = await SwitchedOnAsync("two.in");
        using var person = app.NewVisitor();
        using (var step = await person.SubmitAsync("/account/login", "", new() { ["Input.UserName"] = "two.in", ["Input.Password"] = Password, ["returnUrl"] = "/account/profile" }))
            Assert.Equal("/account/login/code?returnUrl=%2Faccount%2Fprofile", step.Headers.Location?.OriginalString);
        Assert.Null(await person.HandleAsync());
        using (var closed = await person.GetAsync("/account/profile"))
            Assert.Equal("/account/login", closed.Headers.Location?.AbsolutePath);
        Assert.Contains("You are not signed in.", await person.ReadAsync("/"), StringComparison.Ordinal);

        Assert.Contains(Refused, await RefusedAsync(person, Totp.Wrong(key)), StringComparison.Ordinal);
        var code = Totp.Code(key, 1);
        using (var entered = await CodeAsync(person, code))
            Assert.Equal("/account/profile", entered.Headers.Location?.OriginalString);
        Assert.NotNull(await person.HandleAsync());

        using var thief = app.NewVisitor();
        Assert.True(await thief.TrySignInAsync("two.in", Password));
        Assert.Contains(Refused, await RefusedAsync(thief, code), StringComparison.Ordinal);
        Assert.Null(await thief.HandleAsync());
        Assert.Equal(
            [("sign-in-refused", "wrong-code"), ("signed-in", null), ("sign-in-refused", "used-code")],
            (await app.AuditAsync("two.in")).TakeLast(3).Select(entry => (entry.Event, entry.Reason)));
    }

    [Fact]
    public async Task Of_two_submits_of_one_code_at_once_one_is_signed_in()
    {
        var (_, key, _) = await SwitchedOnAsync("two.race");
        using var person = app.NewVisitor();
        using var thief = app.NewVisitor();
        await person.TrySignInAsync("two.race", Password);
        await thief.TrySignInAsync("two.race", Password);
        var code = Totp.Code(key, 1);
        var answers = await Task.WhenAll(CodeAsync(person, code), CodeAsync(thief, code));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Found);
        Assert.Single(new[] { await person.HandleAsync(), await thief.HandleAsync() }, handle => handle is not null);
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task Second_step_is_nothing_without_the_first()
    {
        using var person = app.NewVisitor();
        foreach (var answer in new[] { await person.GetAsync("/account/login/code"), await person.SubmitAsync("/account/login", "", new() { ["Input.Code"] = "123456" }, "/account/login/code") })
            using (answer)
                Assert.Equal("/account/login", answer.Headers.Location?.OriginalString);
        Assert.Contains("Enter your user name and password first", await person.ReadAsync("/account/login"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Browser_whose_session_has_ended_gets_to_the_second_step()
    {
        var (id, key, recovery) = await SwitchedOnAsync("two.ended");
        using var person = app.NewVisitor();
        // Opened in another tab before.
        var form = await person.ReadAsync("/account/login");
        await person.TrySignInAsync("two.ended", Password);
        (await CodeAsync(person, Totp.Code(key, 1))).Dispose();
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "sign-out")).Dispose();
        using (var step = await person.PostAsync("/account/login", new() { ["Input.UserName"] = "two.ended", ["Input.Password"] = Password, ["__RequestVerificationToken"] = Visitor.TokenOf(form).Value }))
            Assert.Equal("/account/login/code", step.Headers.Location?.OriginalString);
        (await CodeAsync(person, recovery)).Dispose();
        Assert.NotNull(await person.HandleAsync());
    }

    [Fact]
    public async Task Owner_switches_it_off_with_the_password_and_an_administrator_without()
    {
        var (id, key, _) = await SwitchedOnAsync("two.off");
        using var person = app.NewVisitor();
        await person.TrySignInAsync("two.off", Password);
        (await CodeAsync(person, Totp.Code(key, 1))).Dispose();
        using (var wrong = await person.SubmitAsync(Page, "disable", new() { ["Input.CurrentPassword"] = "not my password" }, $"{Page}?handler=disable"))
            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        (await person.SubmitAsync(Page, "disable", new() { ["Input.CurrentPassword"] = Password })).Dispose();
        Assert.NotNull(await person.HandleAsync());
        Assert.True(await app.NewVisitor().TrySignInAsync("two.off", Password));

        (await person.EnableTwoFactorAsync(key => Totp.Code(key), Password)).Dispose();
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "disable-two-factor")).Dispose();
        Assert.Null(await person.HandleAsync());
        Assert.True(await person.TrySignInAsync("two.off", Password));
        Assert.NotNull(await person.HandleAsync());
        Assert.Equal(("two-factor-disabled", "admin"), (await app.AuditAsync("two.off")).Where(entry => entry.Event == "two-factor-disabled").Select(entry => (entry.Event, entry.By)).Last());
    }

    private async Task<(string Id, string Key, string Recovery)> SwitchedOnAsync(string userName)
    {
        var id = await app.AddAccountAsync(userName, Password);
        using var person = app.NewVisitor();
        await person.TrySignInAsync(userName, Password);
        var used = "";
        using (var response = await person.EnableTwoFactorAsync(key => Totp.Code(used = key), Password))
            Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        return (id, used, TwoFactorForm.RecoveryCodesOf(await person.ReadAsync(Page))[0]);
    }

    private static Task<HttpResponseMessage> CodeAsync(Visitor person, string code) => person.SubmitAsync("/account/login/code", "", new() { ["Input.Code"] = code, ["returnUrl"] = "/account/profile" });

    private static async Task<string> RefusedAsync(Visitor person, string code)
    {
        using var response = await CodeAsync(person, code);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
