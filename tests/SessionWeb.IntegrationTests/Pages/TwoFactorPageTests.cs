using System.Net;

namespace SessionWeb.IntegrationTests.Pages;

public sealed class TwoFactorPageTests(DemoApp app) : IClassFixture<DemoApp>
{
    private const string Page = TwoFactorForm.Path;
    private const string Refused = "The code is incorrect, or this account cannot sign in at the moment.";

    [Fact]
    public async Task Enabling_two_factor_ends_other_sessions_and_shows_codes_once()
    {
        await app.AddAccountAsync("two.on", Password);
        using var visitor = app.NewVisitor();
        using var other = app.NewVisitor();
        await visitor.TrySignInAsync("two.on", Password);
        await other.TrySignInAsync("two.on", Password);
        var before = await visitor.HandleAsync();
        var key = TwoFactorForm.KeyOf(await visitor.ReadAsync(Page));
        Assert.Contains("<svg", await visitor.ReadAsync(Page), StringComparison.Ordinal);

        using (var wrong = await visitor.EnableTwoFactorAsync(key => Totp.Wrong(key), Password))
        {
            Assert.Matches(
                "data-valmsg-for=\"Input.Code\"[^>]*>The code is incorrect", await wrong.Content.ReadAsStringAsync());
        }

        using (var wrong = await visitor.EnableTwoFactorAsync(key => Totp.Code(key), "not my password"))
        {
            Assert.Matches(
                "data-valmsg-for=\"Input.CurrentPassword\"[^>]*>Incorrect password",
                await wrong.Content.ReadAsStringAsync());
        }

        Assert.Equal(before, await visitor.HandleAsync());
        Assert.NotNull(await other.HandleAsync());
        (await visitor.EnableTwoFactorAsync(key => Totp.Code(key), Password)).Dispose();

        var page = await visitor.ReadAsync(Page);
        Assert.Contains("Two-factor sign-in is on. One other device was signed out.", page, StringComparison.Ordinal);
        Assert.Equal(10, TwoFactorForm.RecoveryCodesOf(page).Count);
        Assert.Empty(TwoFactorForm.RecoveryCodesOf(await visitor.ReadAsync(Page)));
        Assert.True(await visitor.HandleAsync() is { } after && after != before);
        using (var response = await other.GetAsync("/account/sessions"))
            Assert.Equal("/account/signed-out?reason=two-factor-changed", response.Headers.Location?.OriginalString);
        Assert.Equal(
            [("sign-in-refused", "wrong-code"), ("sign-in-refused", "wrong-password"),
                ("two-factor-enabled", null), ("sessions-ended", "two-factor-changed")],
            (await app.AuditAsync("two.on")).Skip(3).Select(entry => (entry.Event, entry.Reason)));
    }

    [Fact]
    public async Task Password_without_the_code_does_not_sign_in()
    {
        var (_, key, _) = await AddTwoFactorAccountAsync("two.in");
        using var visitor = app.NewVisitor();
        using (var step = await visitor.SubmitAsync("/account/login", "", new()
        {
            ["Input.UserName"] = "two.in",
            ["Input.Password"] = Password,
            ["returnUrl"] = "/account/profile",
        }))
        {
            Assert.Equal("/account/login/code?returnUrl=%2Faccount%2Fprofile", step.Headers.Location?.OriginalString);
        }

        Assert.Null(await visitor.HandleAsync());
        using (var redirected = await visitor.GetAsync("/account/profile"))
            Assert.Equal("/account/login", redirected.Headers.Location?.AbsolutePath);
        Assert.Contains("You are not signed in.", await visitor.ReadAsync("/"), StringComparison.Ordinal);

        Assert.Contains(Refused, await ReadRefusalAsync(visitor, Totp.Wrong(key)), StringComparison.Ordinal);
        var code = Totp.Code(key, 1);
        using (var signedIn = await SubmitCodeAsync(visitor, code))
            Assert.Equal("/account/profile", signedIn.Headers.Location?.OriginalString);
        Assert.NotNull(await visitor.HandleAsync());

        using var attacker = app.NewVisitor();
        Assert.True(await attacker.TrySignInAsync("two.in", Password));
        Assert.Contains(Refused, await ReadRefusalAsync(attacker, code), StringComparison.Ordinal);
        Assert.Null(await attacker.HandleAsync());
        Assert.Equal(
            [("sign-in-refused", "wrong-code"), ("signed-in", null), ("sign-in-refused", "used-code")],
            (await app.AuditAsync("two.in")).TakeLast(3).Select(entry => (entry.Event, entry.Reason)));
    }

    [Fact]
    public async Task Concurrent_submissions_of_one_code_succeed_once()
    {
        var (_, key, _) = await AddTwoFactorAccountAsync("two.race");
        using var visitor = app.NewVisitor();
        using var attacker = app.NewVisitor();
        await visitor.TrySignInAsync("two.race", Password);
        await attacker.TrySignInAsync("two.race", Password);
        var code = Totp.Code(key, 1);
        var responses = await Task.WhenAll(SubmitCodeAsync(visitor, code), SubmitCodeAsync(attacker, code));
        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Found);
        Assert.Single(
            new[] { await visitor.HandleAsync(), await attacker.HandleAsync() }, handle => handle is not null);
        Array.ForEach(responses, response => response.Dispose());
    }

    [Fact]
    public async Task Code_step_without_a_password_redirects_to_sign_in()
    {
        using var visitor = app.NewVisitor();
        foreach (var response in new[]
        {
            await visitor.GetAsync("/account/login/code"),
            await visitor.SubmitAsync("/account/login", "", new() { ["Input.Code"] = "123456" }, "/account/login/code"),
        })
        {
            using (response)
                Assert.Equal("/account/login", response.Headers.Location?.OriginalString);
        }

        Assert.Contains(
            "Enter your user name and password first", await visitor.ReadAsync("/account/login"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_with_an_ended_session_reaches_the_code_step()
    {
        var (id, key, recovery) = await AddTwoFactorAccountAsync("two.ended");
        using var visitor = app.NewVisitor();
        // Opened in another tab before the sign-in.
        var form = await visitor.ReadAsync("/account/login");
        await visitor.TrySignInAsync("two.ended", Password);
        (await SubmitCodeAsync(visitor, Totp.Code(key, 1))).Dispose();
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "sign-out")).Dispose();
        using (var step = await visitor.PostAsync("/account/login", new()
        {
            ["Input.UserName"] = "two.ended",
            ["Input.Password"] = Password,
            ["__RequestVerificationToken"] = Visitor.TokenOf(form).Value,
        }))
        {
            Assert.Equal("/account/login/code", step.Headers.Location?.OriginalString);
        }

        (await SubmitCodeAsync(visitor, recovery)).Dispose();
        Assert.NotNull(await visitor.HandleAsync());
    }

    [Fact]
    public async Task Disabling_two_factor_needs_the_password_only_for_the_owner()
    {
        var (id, key, _) = await AddTwoFactorAccountAsync("two.off");
        using var visitor = app.NewVisitor();
        await visitor.TrySignInAsync("two.off", Password);
        (await SubmitCodeAsync(visitor, Totp.Code(key, 1))).Dispose();
        using (var wrong = await visitor.SubmitAsync(
            Page, "disable", new() { ["Input.CurrentPassword"] = "not my password" }, $"{Page}?handler=disable"))
        {
            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        }

        (await visitor.SubmitAsync(Page, "disable", new() { ["Input.CurrentPassword"] = Password })).Dispose();
        Assert.NotNull(await visitor.HandleAsync());
        Assert.True(await app.NewVisitor().TrySignInAsync("two.off", Password));

        (await visitor.EnableTwoFactorAsync(key => Totp.Code(key), Password)).Dispose();
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "disable-two-factor")).Dispose();
        Assert.Null(await visitor.HandleAsync());
        Assert.True(await visitor.TrySignInAsync("two.off", Password));
        Assert.NotNull(await visitor.HandleAsync());
        Assert.Equal(
            ("two-factor-disabled", "admin"),
            (await app.AuditAsync("two.off")).Where(entry => entry.Event == "two-factor-disabled")
                .Select(entry => (entry.Event, entry.By)).Last());
    }

    private async Task<(string Id, string Key, string Recovery)> AddTwoFactorAccountAsync(string userName)
    {
        var id = await app.AddAccountAsync(userName, Password);
        using var visitor = app.NewVisitor();
        await visitor.TrySignInAsync(userName, Password);
        var used = "";
        using (var response = await visitor.EnableTwoFactorAsync(key => Totp.Code(used = key), Password))
            Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        return (id, used, TwoFactorForm.RecoveryCodesOf(await visitor.ReadAsync(Page))[0]);
    }

    private static Task<HttpResponseMessage> SubmitCodeAsync(Visitor visitor, string code) =>
        visitor.SubmitAsync(
            "/account/login/code", "", new() { ["Input.Code"] = code, ["returnUrl"] = "/account/profile" });

    private static async Task<string> ReadRefusalAsync(Visitor visitor, string code)
    {
        using var response = await SubmitCodeAsync(visitor, code);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
