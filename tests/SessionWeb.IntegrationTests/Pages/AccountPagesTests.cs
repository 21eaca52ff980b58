using System.Net;
using SessionWeb.Accounts;

namespace SessionWeb.IntegrationTests.Pages;

public sealed class AccountPagesTests(DemoApp app) : IClassFixture<DemoApp>
{
    [Theory]
    [InlineData("Input.Until", "2020-01-01T00:00", "This time is in the past.")]
    [InlineData("Input.Until", "soon", "Enter a date and time")]
    [InlineData("Input.Message", "301 times x", "A message can have at most 300 characters.")]
    public async Task Disabling_with_bad_input_is_refused_at_the_field_and_changes_nothing(string field, string value, string sentence)
    {
        var name = $"bad.input{value.Length}";
        var id = await app.AddAccountAsync(name, Password);
        using var person = app.NewVisitor();
        await person.TrySignInAsync(name, Password);
        var fields = new Dictionary<string, string> { [field] = value == "301 times x" ? new string('x', 301) : value };
        using (var response = await app.Admin.SubmitAsync($"/admin/accounts/{id}", "disable", fields))
        {
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Contains(sentence, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.NotNull(await person.HandleAsync());
        Assert.Equal(["account-added", "signed-in"], (await app.AuditAsync(name)).Select(e => e.Event));
    }

    [Fact]
    public async Task Longest_message_is_taken_whole_and_the_account_opens_at_its_time()
    {
        var id = await app.AddAccountAsync("until.person", Password);
        var until = DateTime.UtcNow.AddSeconds(3);
        var message = new string('m', 300);
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "disable", new() { ["Input.Until"] = until.ToString("yyyy-MM-ddTHH:mm:ss.fff"), ["Input.Message"] = message })).Dispose();
        using var person = app.NewVisitor();
        Assert.Equal(message, (await app.Database.QueryAsync("SELECT DisabledReason FROM Accounts WHERE Id = $p0", id)).Single()[0]);
        Assert.Contains("Disabled until", await app.Admin.ReadAsync("/admin/accounts?q=until.PERSON"), StringComparison.Ordinal);
        await Eventually.TrueAsync(() => person.TrySignInAsync("until.person", Password), "the account is open again");
        Assert.True(DateTime.UtcNow >= until);
    }

    [Fact]
    public async Task Passwords_in_heaps_are_refused_in_part_and_cost_nobody_the_session_who_is_signed_in()
    {
        using var stranger = app.NewVisitor();
        var form = await stranger.FormAsync("/account/login", new() { ["Input.UserName"] = "nobody", ["Input.Password"] = Password });
        var guesses = Enumerable.Range(0, PasswordHashQueue.Longest * 3).Select(_ => stranger.PostAsync("/account/login", form)).ToList();
        while (guesses.Exists(guess => !guess.IsCompleted))
            Assert.NotNull(await app.Admin.HandleAsync());

        var answers = await Task.WhenAll(guesses);
        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.Contains("Too many sign-ins are in progress.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable));
        Assert.True(answers.Count(answer => answer.StatusCode == HttpStatusCode.OK) >= PasswordHashQueue.Longest);
        // Who was refused was not checked, and does not count as a guess.
        Assert.Equal(answers.Count(answer => answer.StatusCode == HttpStatusCode.OK), (await app.AuditAsync("nobody")).Count);
        using var person = app.NewVisitor();
        await person.SignInAsync(TestUsers.Admin);
    }

    [Fact]
    public async Task R35_Sessions_of_a_deleted_account_are_refused()
    {
        var id = await app.AddAccountAsync("gone.person", Password);
        using var person = app.NewVisitor();
        await person.TrySignInAsync("gone.person", Password);
        using (var unsure = await app.Admin.SubmitAsync($"/admin/accounts/{id}", "delete"))
            Assert.NotNull(await person.HandleAsync());
        using (var deleted = await app.Admin.SubmitAsync($"/admin/accounts/{id}", "delete", new() { ["sure"] = "true" }))
            Assert.Equal("/admin/accounts", deleted.Headers.Location?.OriginalString);
        Assert.Null(await person.HandleAsync());
        Assert.False(await person.TrySignInAsync("gone.person", Password));
        using var page = await app.Admin.GetAsync($"/admin/accounts/{id}");
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        // The name is free again, and whoever takes it is somebody else.
        await app.AddAccountAsync("gone.person", Password);
        Assert.True(await person.TrySignInAsync("gone.person", Password));
    }

    [Fact]
    public async Task R36_Role_is_had_and_lost_on_the_next_request()
    {
        var id = await app.AddAccountAsync("r36.person", Password);
        using var person = app.NewVisitor();
        await person.TrySignInAsync("r36.person", Password);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync());
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "grant-admin")).Dispose();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "take-admin")).Dispose();
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync());
        Assert.NotNull(await person.HandleAsync());

        async Task<HttpStatusCode> StatusAsync()
        {
            using var response = await person.GetAsync("/admin/sessions");
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Nobody_disables_deletes_or_demotes_themselves()
    {
        var id = (string)(await app.Database.QueryAsync("SELECT Id FROM Accounts WHERE UserName = 'admin'")).Single()[0]!;
        foreach (var handler in new[] { "disable", "delete", "take-admin", "reset-password" })
            using (var response = await app.Admin.SubmitAsync($"/admin/accounts/{id}", handler, new() { ["sure"] = "true", ["Input.Password"] = Password }))
            {
                Assert.Equal(HttpStatusCode.Found, response.StatusCode);
                Assert.Contains("notice-error", await app.Admin.ReadAsync($"/admin/accounts/{id}"), StringComparison.Ordinal);
            }
        Assert.DoesNotContain(await app.AuditAsync("admin"), e => e.Event is "account-disabled" or "account-deleted" or "role-taken" or "password-reset");
        Assert.NotNull(await app.Admin.HandleAsync());
    }

    [Theory]
    [InlineData("", Password, "", "Enter a user name.")]
    [InlineData("with space", Password, "", "can only contain letters or digits")]
    [InlineData("admin", Password, "", "already taken")]
    [InlineData("add.person", "short", "", "at least 15 characters")]
    [InlineData("add.person", Password, "nonsense", "Enter a valid email address.")]
    public async Task Account_that_cannot_be_added_is_told_at_the_field(string name, string password, string email, string sentence)
    {
        var fields = new Dictionary<string, string> { ["Input.UserName"] = name, ["Input.Password"] = password, ["Input.Email"] = email };
        using var response = await app.Admin.SubmitAsync("/admin/accounts", "add", fields);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(sentence, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Empty(await app.AuditAsync("add.person"));
    }

    [Fact]
    public async Task Accounts_are_found_by_part_of_their_name_or_address()
    {
        (await app.Admin.SubmitAsync("/admin/accounts", "add", new()
        {
            ["Input.UserName"] = "find.me", ["Input.Password"] = Password, ["Input.Email"] = "somebody@Example.org", ["Input.Admin"] = "true",
        })).Dispose();
        foreach (var part in new[] { "IND.M", "body@example" })
        {
            var page = await app.Admin.ReadAsync($"/admin/accounts?q={part}");
            Assert.Contains("1 account found", page, StringComparison.Ordinal);
            Assert.Contains("Administrator", page, StringComparison.Ordinal);
        }
        Assert.Contains("No accounts match this search", await app.Admin.ReadAsync("/admin/accounts?q=%25"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_is_revoked_from_its_accounts_page()
    {
        var id = await app.AddAccountAsync("two.sessions", Password);
        using var first = app.NewVisitor();
        using var second = app.NewVisitor();
        await first.TrySignInAsync("two.sessions", Password);
        await second.TrySignInAsync("two.sessions", Password);
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "revoke", new() { ["session"] = (await first.HandleAsync())! })).Dispose();
        Assert.Null(await first.HandleAsync());
        Assert.NotNull(await second.HandleAsync());
        using var foreign = await app.Admin.SubmitAsync($"/admin/accounts/{id}", "revoke", new() { ["session"] = (await app.Admin.HandleAsync())! });
        Assert.NotNull(await app.Admin.HandleAsync());
    }

    [Fact]
    public async Task R23_Every_action_wants_a_token()
    {
        var id = await app.AddAccountAsync("r23.person", Password);
        foreach (var handler in new[] { "disable", "enable", "grant-admin", "take-admin", "reset-password", "delete", "sign-out", "revoke", "rename", "change-email", "disable-two-factor" })
            using (var response = await app.Admin.PostAsync($"/admin/accounts/{id}?handler={handler}", new() { ["sure"] = "true", ["Input.Password"] = Password }))
                Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(["account-added"], (await app.AuditAsync("r23.person")).Select(e => e.Event));
    }
}
