using System.Net;

namespace SessionWeb.IntegrationTests.Audit;

public sealed class AuditOverHttpTests(DemoApp app) : IClassFixture<DemoApp>
{
    [Fact]
    public async Task R53_Every_action_is_logged_once_in_order()
    {
        var from = DateTimeOffset.UtcNow.AddSeconds(-1);
        var expected = new List<(string, string?, string?, long?)>();
        void Expect(string eventName, string? by = null, string? reason = null, long? count = null) =>
            expected.Add((eventName, by, reason, count));
        const string Name = "r53.user";
        using var first = app.NewVisitor();
        using var second = app.NewVisitor();

        var id = await app.AddAccountAsync(Name, Password);
        var page = $"/admin/accounts/{id}";
        Expect("account-added", "admin");

        Assert.False(await first.TrySignInAsync(Name, "wrong horse battery"));
        Expect("sign-in-refused", reason: "wrong-password");
        Assert.True(await first.TrySignInAsync(Name, Password));
        Expect("signed-in");
        Assert.True(await second.TrySignInAsync(Name, Password));
        Expect("signed-in");
        using (var denied = await first.GetAsync("/admin/audit"))
            Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        Expect("access-denied");
        using (var foreign = await first.SubmitAsync(
            "/account/sessions", "revoke", new() { ["id"] = (await app.Admin.HandleAsync())! }))
        {
            Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        }

        Expect("access-denied", reason: "not-own-session");
        (await first.SubmitAsync(
            "/account/sessions", "revoke", new() { ["id"] = (await second.HandleAsync())! })).Dispose();
        Expect("session-revoked", reason: "revoked-by-you");
        Expect("sessions-ended", reason: "revoked-by-you", count: 1);
        (await first.SubmitAsync("/account/sessions", "revoke-others")).Dispose();
        Expect("sessions-revoked", reason: "revoked-by-you");
        Expect("sessions-ended", reason: "revoked-by-you", count: 0);
        Assert.Null(await second.HandleAsync());

        (await app.Admin.SubmitAsync(page, "grant-admin")).Dispose();
        Expect("role-granted", "admin", "role-changed");
        (await app.Admin.SubmitAsync(page, "take-admin")).Dispose();
        Expect("role-taken", "admin", "role-changed");
        (await first.SubmitAsync("/account/password", "", new()
        {
            ["Input.CurrentPassword"] = Password,
            ["Input.NewPassword"] = AnotherPassword,
            ["Input.ConfirmPassword"] = AnotherPassword,
        })).Dispose();
        Expect("password-changed");
        Expect("sessions-ended", reason: "password-changed", count: 1);
        (await app.Admin.SubmitAsync(
            "/admin/sessions", "revoke", new() { ["account"] = id, ["id"] = (await first.HandleAsync())! })).Dispose();
        Expect("session-revoked", "admin", "revoked-by-admin");
        Expect("sessions-ended", "admin", "revoked-by-admin", 1);
        Assert.True(await first.TrySignInAsync(Name, AnotherPassword));
        Expect("signed-in");
        using (var signedOut = await first.SignOutAsync())
            Assert.Equal(HttpStatusCode.Found, signedOut.StatusCode);
        Expect("signed-out");
        Assert.True(await first.TrySignInAsync(Name, AnotherPassword));
        Expect("signed-in");
        (await app.Admin.SubmitAsync(page, "sign-out")).Dispose();
        Expect("sessions-revoked", "admin", "revoked-by-admin");
        Expect("sessions-ended", "admin", "revoked-by-admin", 1);
        (await app.Admin.SubmitAsync(page, "reset-password", new() { ["Input.Password"] = Password })).Dispose();
        Expect("password-reset", "admin", "password-changed");
        Expect("sessions-ended", "admin", "password-changed", 0);
        (await app.Admin.SubmitAsync(page, "disable")).Dispose();
        Expect("account-disabled", "admin", "account-disabled");
        Expect("sessions-ended", "admin", "account-disabled", 0);
        Assert.False(await second.TrySignInAsync(Name, Password));
        Expect("sign-in-refused", reason: "disabled");
        (await app.Admin.SubmitAsync(page, "enable")).Dispose();
        Expect("account-enabled", "admin");
        (await app.Admin.SubmitAsync(page, "delete", new() { ["sure"] = "true" })).Dispose();
        Expect("account-disabled", "admin", "account-disabled");
        Expect("sessions-ended", "admin", "account-disabled", 0);
        Expect("account-deleted", "admin", "account-disabled");
        Expect("sessions-ended", "admin", "account-disabled", 0);
        Assert.False(await second.TrySignInAsync(Name, Password));
        Expect("sign-in-refused", reason: "unknown-name");

        Assert.Equal(expected, await app.AuditAsync(Name));
        var rows = await app.Database.QueryAsync(
            "SELECT At, Node, IpAddress, Device, SessionHandle, Event FROM AuditEntries WHERE AccountName = $p0", Name);
        Assert.All(rows, row =>
        {
            Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds((long)row[0]!), from, DateTimeOffset.UtcNow);
            Assert.Equal("node-1", row[1]);
            Assert.True((string?)row[2] is "127.0.0.1" or "::1");
            Assert.Equal("Firefox on Linux", row[3]);
            Assert.True(
                row[4] is string { Length: 12 } || (string?)row[5] == "sign-in-refused", $"{row[5]} has no session");
        });
    }

    [Fact]
    public async Task R53_Session_that_a_sign_in_replaces_is_audited_under_its_own_account()
    {
        using var visitor = app.NewVisitor();
        var id = await app.AddAccountAsync("r53.former", Password);
        var newerId = await app.AddAccountAsync("r53.newer", Password);
        await visitor.TrySignInAsync("r53.former", Password);
        var handle = (await visitor.HandleAsync())!;

        Assert.True(await visitor.TrySignInAsync("r53.newer", Password));

        var row = Assert.Single(await app.Database.QueryAsync(
            "SELECT AccountId, AccountName, By, ById FROM AuditEntries "
            + "WHERE Event = 'session-replaced' AND SessionHandle = $p0",
            handle));
        Assert.Equal([id, "r53.former", "r53.newer", newerId], row);
    }

    [Fact]
    public async Task R54_Log_contains_no_passwords_or_cookies()
    {
        using var visitor = app.NewVisitor();
        await app.AddAccountAsync("r54.user", Password);
        await visitor.TrySignInAsync("r54.user", "my secret guess 54");
        await visitor.TrySignInAsync("r54.user", Password);
        var log = string.Join(
            '\n', (await app.Database.QueryAsync("SELECT * FROM AuditEntries")).Select(row => string.Join('|', row)));
        Assert.Contains("r54.user", log, StringComparison.Ordinal);
        string[] secrets =
        [
            .. visitor.Cookies.Cookies.Values, .. app.Admin.Cookies.Cookies.Values,
            Password, "my secret guess 54", TestUsers.Admin.Password,
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
        // The full hash is the session's key in the store. The handle is only its first characters.
        Assert.All(
            await app.Database.QueryAsync("SELECT Hash FROM Sessions"),
            row => Assert.DoesNotContain((string)row[0]!, log, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("r55\r\n2026-01-01,signed-in,admin", "r55��2026-01-01,signed-in,admin")]
    [InlineData("r55\u001b[31mred\u0007", "r55�[31mred�")]
    [InlineData("r55<script>alert(1)</script>", "r55<script>alert(1)</script>")]
    [InlineData("=cmd|' /C calc'!A0 r55", "=cmd|' /C calc'!A0 r55")]
    [InlineData("r55\u202egnp.exe", "r55�gnp.exe")]
    public async Task R55_User_name_cannot_inject_an_entry_markup_or_formula(string userName, string stored)
    {
        using var visitor = app.NewVisitor();
        Assert.False(await visitor.TrySignInAsync(userName, Password));
        Assert.Equal(("sign-in-refused", null, "unknown-name", null), Assert.Single(await app.AuditAsync(stored)));

        var page = await app.Admin.ReadAsync("/admin/audit");
        Assert.Contains("r55", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', page);

        var csv = await app.Admin.ReadAsync("/admin/audit?handler=csv&event=sign-in-refused");
        var lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines.Skip(1), line => Assert.Matches(@"^\d{4}-\d\d-\d\dT[\d:.]+Z,sign-in-refused,", line));
        Assert.DoesNotMatch(@"(^|,)""?[=+@]", csv);
        Assert.All(csv, c => Assert.True(!char.IsControl(c) || c is '\r' or '\n'));
    }

    [Fact]
    public async Task R55_Unknown_user_agent_is_logged_as_unknown_device()
    {
        using var visitor = new Visitor(app.Url) { UserAgent = "<script>alert(1)</script>" };
        await visitor.TrySignInAsync("r55.agent", Password);
        var row = Assert.Single(
            await app.Database.QueryAsync("SELECT Device FROM AuditEntries WHERE AccountName = 'r55.agent'"));
        Assert.Equal("Unknown device", row[0]);
    }

    [Fact]
    public async Task R25_Revoking_another_users_session_returns_404()
    {
        using var mallory = app.NewVisitor();
        using var victim = app.NewVisitor();
        await app.AddAccountAsync("r25.mallory", Password);
        await app.AddAccountAsync("r25.victim", Password);
        await mallory.TrySignInAsync("r25.mallory", Password);
        await victim.TrySignInAsync("r25.victim", Password);
        using var response = await mallory.SubmitAsync(
            "/account/sessions", "revoke", new() { ["id"] = (await victim.HandleAsync())! });
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.NotNull(await victim.HandleAsync());
        Assert.Equal(("access-denied", null, "not-own-session", null), (await app.AuditAsync("r25.mallory"))[^1]);
        Assert.Equal(["account-added", "signed-in"], (await app.AuditAsync("r25.victim")).Select(e => e.Event));
    }

    [Fact]
    public async Task R27_Denied_administration_pages_are_logged()
    {
        using var visitor = app.NewVisitor();
        var id = await app.AddAccountAsync("r27.user", Password);
        await visitor.TrySignInAsync("r27.user", Password);
        string[] pages =
        [
            "/admin/sessions", "/admin/accounts", $"/admin/accounts/{id}", "/admin/audit", "/admin/audit?handler=csv",
            "/admin/nodes",
        ];
        foreach (var page in pages)
        {
            using (var response = await visitor.GetAsync(page))
                Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
        // The other requests of the same minute become one entry with a count.
        var rows = await app.Database.QueryAsync(
            "SELECT Details FROM AuditEntries WHERE AccountName = 'r27.user' AND Event = 'access-denied'");
        Assert.Equal(["GET /admin/sessions"], rows.Select(row => row[0]));
    }

    [Fact]
    public async Task Revocation_without_an_audit_entry_is_not_applied()
    {
        using var visitor = app.NewVisitor();
        var id = await app.AddAccountAsync("noted.user", Password);
        await visitor.TrySignInAsync("noted.user", Password);
        var handle = (await visitor.HandleAsync())!;
        await app.Database.QueryAsync("""
            CREATE TRIGGER "full" BEFORE INSERT ON "AuditEntries"
            BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END;
            """);
        try
        {
            (string Page, string Handler, Dictionary<string, string>? Fields)[] actions =
            [
                ("/admin/sessions", "revoke", new() { ["account"] = id, ["id"] = handle }),
                ("/admin/sessions", "revoke-selected", new() { ["ids"] = $"{id}:{handle}" }),
                ("/admin/sessions", "revoke-account", new() { ["account"] = id }),
                ("/admin/sessions", "revoke-everyone", new() { ["sure"] = "true" }),
                ($"/admin/accounts/{id}", "sign-out", null),
                ($"/admin/accounts/{id}", "revoke", new() { ["session"] = handle }),
                ($"/admin/accounts/{id}", "disable", null),
                ($"/admin/accounts/{id}", "reset-password", new() { ["Input.Password"] = AnotherPassword }),
                ($"/admin/accounts/{id}", "grant-admin", null),
                ($"/admin/accounts/{id}", "rename", new() { ["Input.UserName"] = "noted.otherwise" }),
                ($"/admin/accounts/{id}", "change-email", new() { ["Input.Email"] = "noted@example.org" }),
                ($"/admin/accounts/{id}", "delete", new() { ["sure"] = "true" }),
            ];
            foreach (var (page, handler, fields) in actions)
            {
                using (var response = await app.Admin.SubmitAsync(page, handler, fields))
                    Assert.Equal((handler, HttpStatusCode.InternalServerError), (handler, response.StatusCode));
            }
        }
        finally
        {
            await app.Database.QueryAsync("""DROP TRIGGER "full" """);
        }
        Assert.Equal(handle, await visitor.HandleAsync());
        using (var denied = await visitor.GetAsync("/admin/audit"))
            Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        using var another = app.NewVisitor();
        Assert.True(await another.TrySignInAsync("noted.user", Password));
    }

    [Fact]
    public async Task Audit_log_is_filtered_paged_and_exported()
    {
        using var visitor = app.NewVisitor();
        await app.AddAccountAsync("paged.user", Password);
        for (var i = 0; i < 8; i++)
            await visitor.TrySignInAsync("paged.user", "wrong horse battery");
        var day = DateTime.UtcNow.ToString("yyyy-MM-dd");
        var today = await app.Admin.ReadAsync(
            $"/admin/audit?account=PAGED.user&event=sign-in-refused&from={day}&to={day}");
        Assert.Equal(8, Count(today, "wrong password"));
        Assert.Contains(
            "No entries", await app.Admin.ReadAsync("/admin/audit?account=paged.user&to=2001-01-01"),
            StringComparison.Ordinal);
        Assert.Contains(
            "Account added",
            await app.Admin.ReadAsync("/admin/audit?account=paged.user&event=account-added"), StringComparison.Ordinal);
        foreach (var (query, error) in new[]
        {
            ("from=yesterday", "Enter a valid date."),
            ("from=2026-02-01&to=2026-01-01", "The end date must not be before the start date."),
        })
        {
            using (var response = await app.Admin.GetAsync($"/admin/audit?{query}"))
            {
                Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
                Assert.Contains(error, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }

        using var csv = await app.Admin.GetAsync("/admin/audit?handler=csv&account=paged.user");
        Assert.Equal("text/csv", csv.Content.Headers.ContentType?.MediaType);
        Assert.Matches(
            @"^attachment; filename=audit-\d{8}-\d{6}\.csv$", csv.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal(
            1 + 9, (await csv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Activity_page_hides_the_administrators_device()
    {
        using var visitor = app.NewVisitor();
        var id = await app.AddAccountAsync("own.user", Password);
        await visitor.TrySignInAsync("own.user", "wrong horse battery");
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "grant-admin")).Dispose();
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "take-admin")).Dispose();
        await visitor.TrySignInAsync("own.user", Password);
        var page = await visitor.ReadAsync("/account/activity");
        foreach (var text in new[]
        {
            "Signed in", "Sign-in refused", "wrong password", "Role removed: admin", "by admin", "Account added",
        })
        {
            Assert.Contains(text, page, StringComparison.Ordinal);
        }

        Assert.Equal(2, Count(page, "Firefox on Linux")); // refused, then signed in
        Assert.DoesNotContain("r53.user", page, StringComparison.Ordinal);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
