using System.Net;
using SessionWeb.Accounts;

namespace SessionWeb.IntegrationTests.Pages;

public sealed class AccountPagesTests(DemoApp app) : IClassFixture<DemoApp>
{
    [Theory]
    [InlineData("Input.Until", "2020-01-01T00:00", "This time is in the past.")]
    [InlineData("Input.Until", "soon", "Enter a date and time")]
    [InlineData("Input.Message", "301 times x", "A message can have at most 300 characters.")]
    public async Task Disabling_with_invalid_input_reports_the_error_at_its_field(
        string field, string value, string error)
    {
        var name = $"bad.input{value.Length}";
        var id = await app.AddAccountAsync(name, Password);
        using var visitor = app.NewVisitor();
        await visitor.TrySignInAsync(name, Password);
        var fields = new Dictionary<string, string> { [field] = value == "301 times x" ? new string('x', 301) : value };
        using (var response = await app.Admin.SubmitAsync($"/admin/accounts/{id}", "disable", fields))
        {
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Contains(error, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.NotNull(await visitor.HandleAsync());
        Assert.Equal(["account-added", "signed-in"], (await app.AuditAsync(name)).Select(e => e.Event));
    }

    [Fact]
    public async Task Longest_message_is_stored_and_account_is_enabled_on_time()
    {
        var id = await app.AddAccountAsync("until.user", Password);
        var until = DateTime.UtcNow.AddSeconds(3);
        var message = new string('m', 300);
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "disable", new()
        {
            ["Input.Until"] = until.ToString("yyyy-MM-ddTHH:mm:ss.fff"),
            ["Input.Message"] = message,
        })).Dispose();
        using var visitor = app.NewVisitor();
        Assert.Equal(
            message,
            (await app.Database.QueryAsync("SELECT DisabledReason FROM Accounts WHERE Id = $p0", id)).Single()[0]);
        Assert.Contains(
            "Disabled until", await app.Admin.ReadAsync("/admin/accounts?q=until.USER"), StringComparison.Ordinal);
        await Wait.UntilAsync(() => visitor.TrySignInAsync("until.user", Password), "the account is enabled again");
        Assert.True(DateTime.UtcNow >= until);
    }

    [Fact]
    public async Task Sign_in_flood_is_throttled_and_keeps_sessions_valid()
    {
        using var client = app.NewVisitor();
        var form = await client.FormAsync(
            "/account/login", new() { ["Input.UserName"] = "unknown", ["Input.Password"] = Password });
        var attempts = Enumerable.Range(0, PasswordHashQueue.MaxLength * 3)
            .Select(_ => client.PostAsync("/account/login", form)).ToList();
        while (attempts.Exists(attempt => !attempt.IsCompleted))
            Assert.NotNull(await app.Admin.HandleAsync());

        var responses = await Task.WhenAll(attempts);
        var refused = responses.First(response => response.StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.Contains(
            "Too many sign-ins are in progress.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.All(
            responses,
            response => Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable));
        Assert.True(
            responses.Count(response => response.StatusCode == HttpStatusCode.OK) >= PasswordHashQueue.MaxLength);
        // A throttled request is not checked and does not count as a failure.
        Assert.Equal(
            responses.Count(response => response.StatusCode == HttpStatusCode.OK),
            (await app.AuditAsync("unknown")).Count);
        using var visitor = app.NewVisitor();
        await visitor.SignInAsync(TestUsers.Admin);
    }

    [Fact]
    public async Task R35_Sessions_of_a_deleted_account_are_refused()
    {
        var id = await app.AddAccountAsync("gone.user", Password);
        using var visitor = app.NewVisitor();
        await visitor.TrySignInAsync("gone.user", Password);
        using (var unconfirmed = await app.Admin.SubmitAsync($"/admin/accounts/{id}", "delete"))
            Assert.NotNull(await visitor.HandleAsync());
        using (var deleted = await app.Admin.SubmitAsync(
            $"/admin/accounts/{id}", "delete", new() { ["sure"] = "true" }))
        {
            Assert.Equal("/admin/accounts", deleted.Headers.Location?.OriginalString);
        }

        Assert.Null(await visitor.HandleAsync());
        Assert.False(await visitor.TrySignInAsync("gone.user", Password));
        using var page = await app.Admin.GetAsync($"/admin/accounts/{id}");
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        // The name is available again, for a new account.
        await app.AddAccountAsync("gone.user", Password);
        Assert.True(await visitor.TrySignInAsync("gone.user", Password));
    }

    [Fact]
    public async Task R36_Role_change_applies_to_the_next_request()
    {
        var id = await app.AddAccountAsync("r36.user", Password);
        using var visitor = app.NewVisitor();
        await visitor.TrySignInAsync("r36.user", Password);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync());
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "grant-admin")).Dispose();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "take-admin")).Dispose();
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync());
        Assert.NotNull(await visitor.HandleAsync());

        async Task<HttpStatusCode> StatusAsync()
        {
            using var response = await visitor.GetAsync("/admin/sessions");
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Administrator_cannot_disable_delete_or_demote_own_account()
    {
        var id = (string)(await app.Database.QueryAsync("SELECT Id FROM Accounts WHERE UserName = 'admin'"))
            .Single()[0]!;
        foreach (var handler in new[] { "disable", "delete", "take-admin", "reset-password" })
        {
            using (var response = await app.Admin.SubmitAsync(
                $"/admin/accounts/{id}", handler, new() { ["sure"] = "true", ["Input.Password"] = Password }))
            {
                Assert.Equal(HttpStatusCode.Found, response.StatusCode);
                Assert.Contains(
                    "notice-error", await app.Admin.ReadAsync($"/admin/accounts/{id}"), StringComparison.Ordinal);
            }
        }

        Assert.DoesNotContain(await app.AuditAsync("admin"),
            e => e.Event is "account-disabled" or "account-deleted" or "role-taken" or "password-reset");
        Assert.NotNull(await app.Admin.HandleAsync());
    }

    [Theory]
    [InlineData("", Password, "", "Enter a user name.")]
    [InlineData("with space", Password, "", "can only contain letters or digits")]
    [InlineData("admin", Password, "", "already taken")]
    [InlineData("add.user", "short", "", "at least 15 characters")]
    [InlineData("add.user", Password, "nonsense", "Enter a valid email address.")]
    public async Task Adding_an_invalid_account_reports_the_error_at_its_field(
        string name, string password, string email, string error)
    {
        var fields = new Dictionary<string, string>
        {
            ["Input.UserName"] = name,
            ["Input.Password"] = password,
            ["Input.Email"] = email,
        };
        using var response = await app.Admin.SubmitAsync("/admin/accounts", "add", fields);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(
            error, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Empty(await app.AuditAsync("add.user"));
    }

    [Fact]
    public async Task Search_matches_part_of_a_name_or_email_address()
    {
        (await app.Admin.SubmitAsync("/admin/accounts", "add", new()
        {
            ["Input.UserName"] = "find.me",
            ["Input.Password"] = Password,
            ["Input.Email"] = "find.me@Example.org",
            ["Input.Admin"] = "true",
        })).Dispose();
        foreach (var part in new[] { "IND.M", "ME@example" })
        {
            var page = await app.Admin.ReadAsync($"/admin/accounts?q={part}");
            Assert.Contains("1 account found", page, StringComparison.Ordinal);
            Assert.Contains("Administrator", page, StringComparison.Ordinal);
        }
        Assert.Contains(
            "No accounts match this search", await app.Admin.ReadAsync("/admin/accounts?q=%25"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Account_page_revokes_a_session_of_its_account_only()
    {
        var id = await app.AddAccountAsync("two.sessions", Password);
        using var first = app.NewVisitor();
        using var second = app.NewVisitor();
        await first.TrySignInAsync("two.sessions", Password);
        await second.TrySignInAsync("two.sessions", Password);
        (await app.Admin.SubmitAsync(
            $"/admin/accounts/{id}", "revoke", new() { ["session"] = (await first.HandleAsync())! })).Dispose();
        Assert.Null(await first.HandleAsync());
        Assert.NotNull(await second.HandleAsync());
        using var foreign = await app.Admin.SubmitAsync(
            $"/admin/accounts/{id}", "revoke", new() { ["session"] = (await app.Admin.HandleAsync())! });
        Assert.NotNull(await app.Admin.HandleAsync());
    }

    [Fact]
    public async Task R23_Every_action_requires_an_antiforgery_token()
    {
        var id = await app.AddAccountAsync("r23.user", Password);
        foreach (var handler in new[]
        {
            "disable", "enable", "grant-admin", "take-admin", "reset-password", "delete", "sign-out", "revoke",
            "rename", "change-email", "disable-two-factor",
        })
        {
            using (var response = await app.Admin.PostAsync(
                $"/admin/accounts/{id}?handler={handler}", new() { ["sure"] = "true", ["Input.Password"] = Password }))
            {
                Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            }
        }

        Assert.Equal(["account-added"], (await app.AuditAsync("r23.user")).Select(e => e.Event));
    }
}
