using System.Net;

namespace SessionWeb.IntegrationTests.Pages;

/// <summary>Pages while Redis does not respond, and after the node was killed.</summary>
public sealed class RedisOutageTests(RedisApp app) : IClassFixture<RedisApp>
{
    [Theory]
    [InlineData("disable", "SELECT 1 FROM Accounts WHERE Id = $p0 AND DisabledAt IS NOT NULL")]
    [InlineData("sign-out", "SELECT 1 FROM Accounts WHERE Id = $p0 AND Generation > 0")]
    [InlineData("reset-password", "SELECT 1 FROM Accounts WHERE Id = $p0 AND Generation > 0")]
    public async Task A01_Change_by_a_killed_node_ends_the_sessions(string handler, string changed)
    {
        var (id, visitors) = await app.SignInAsync($"killed.{handler}", Password, 2);
        var form = await app.Admin.FormAsync($"/admin/accounts/{id}", new() { ["Input.Password"] = AnotherPassword });

        await KillAfterAsync(() => app.Admin.PostAsync($"/admin/accounts/{id}?handler={handler}", form), changed, id);

        foreach (var visitor in visitors)
            await RedisApp.WaitUntilRefusedAsync(visitor);
        await app.WaitUntilAcknowledgedAsync();
    }

    [Fact]
    public async Task A01_Role_removed_by_a_killed_node_is_lost()
    {
        var (id, visitors) = await app.SignInAsync("killed.role", Password, 1);
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "grant-admin")).Dispose();
        Assert.Contains("\"admin\"", await visitors[0].ReadAsync("/api/me"), StringComparison.Ordinal);
        var form = await app.Admin.FormAsync($"/admin/accounts/{id}", []);

        await KillAfterAsync(
            () => app.Admin.PostAsync($"/admin/accounts/{id}?handler=take-admin", form),
            "SELECT 1 FROM Accounts a WHERE a.Id = $p0 AND NOT EXISTS (SELECT 1 FROM AccountRoles WHERE UserId = a.Id)",
            id);

        await Wait.UntilAsync(
            async () => !(await visitors[0].ReadAsync("/api/me")).Contains("\"admin\"", StringComparison.Ordinal),
            "the session lost the role");
        await app.WaitUntilAcknowledgedAsync();
    }

    [Fact]
    public async Task Readiness_check_reads_a_session()
    {
        var before = await app.Redis.SessionReadsAsync();

        await app.Admin.ReadAsync("/health/ready");

        Assert.NotEqual(before, await app.Redis.SessionReadsAsync());
    }

    [Fact]
    public async Task A02_Pending_sign_out_is_reported_as_pending()
    {
        var (_, visitors) = await app.SignInAsync("pending.out", Password, 1);
        var cookie = visitors[0].Cookies.Cookies.Values.ToList();
        var form = await visitors[0].FormAsync("/account/sessions", []);

        using var left = await app.WhileFrozenAsync(() => visitors[0].PostAsync("/account/logout", form));

        Assert.Equal("/account/signed-out?reason=signed-out&pending=true", left.Headers.Location?.OriginalString);
        var page = await visitors[0].ReadAsync(left.Headers.Location!.OriginalString);
        Assert.Contains(
            "it is not in effect on every node yet, because Redis is unavailable", page, StringComparison.Ordinal);
        Assert.DoesNotContain("You have signed out", page, StringComparison.Ordinal);
        await app.WaitUntilAcknowledgedAsync();
        using var copy = new HttpClient(new HttpClientHandler { UseCookies = false });
        copy.DefaultRequestHeaders.Add("Cookie", string.Join("; ", cookie.Select(value => $"sid={value}")));
        Assert.Equal(HttpStatusCode.Unauthorized, (await copy.GetAsync(new Uri(app.Url, "/api/me"))).StatusCode);
        var events = await app.Database.QueryAsync(
            "SELECT Event FROM AuditEntries WHERE AccountName = 'pending.out' AND Event = 'signed-out'");
        Assert.Single(events);
    }

    [Fact]
    public async Task A02_Pending_action_is_reported_as_pending()
    {
        var (id, _) = await app.SignInAsync("pending.all", Password, 1);
        foreach (var (handler, field, value) in new[]
        {
            ("reset-password", "Input.Password", AnotherPassword), ("rename", "Input.UserName", "pending.renamed"),
            ("change-email", "Input.Email", "pending@example.org"), ("grant-admin", "x", ""), ("take-admin", "x", ""),
            ("sign-out", "x", ""), ("revoke", "session", "AAAAAAAAAAAA"), ("disable", "x", ""),
        })
        {
            var form = await app.Admin.FormAsync($"/admin/accounts/{id}", new() { [field] = value });
            using (await app.WhileFrozenAsync(
                () => app.Admin.PostAsync($"/admin/accounts/{id}?handler={handler}", form)))
            {
                Assert.Contains(
                    "Pending: Redis is unavailable", await ReadWhenReadyAsync($"/admin/accounts/{id}"),
                    StringComparison.Ordinal);
            }

            await app.WaitUntilAcknowledgedAsync();
        }
    }

    [Fact]
    public async Task A03_Revoking_an_ended_session_is_confirmed_by_nodes()
    {
        var (id, visitors) = await app.SignInAsync("ended.twice", Password, 2);
        var handle = (await visitors[1].HandleAsync())!;
        foreach (var notice in new[]
        {
            "The session was revoked. Confirmed by 1 of 1 node",
            "The session had already ended. Confirmed by 1 of 1 node",
        })
        {
            (await app.Admin.SubmitAsync(
                "/admin/sessions", "revoke", new() { ["account"] = id, ["id"] = handle })).Dispose();
            Assert.Contains(notice, await app.Admin.ReadAsync("/admin/sessions"), StringComparison.Ordinal);
        }
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "revoke", new() { ["session"] = handle })).Dispose();
        Assert.Contains(
            "The session had already ended. Confirmed by 1 of 1 node",
            await app.Admin.ReadAsync($"/admin/accounts/{id}"), StringComparison.Ordinal);
        (await app.Admin.SubmitManyAsync("/admin/sessions", "revoke-selected", ("ids", $"{id}:{handle}"))).Dispose();
        Assert.Contains(
            "1 session had already ended. Confirmed by 1 of 1 node",
            await app.Admin.ReadAsync("/admin/sessions"), StringComparison.Ordinal);
        (await visitors[0].SubmitAsync("/account/sessions", "revoke", new() { ["id"] = handle })).Dispose();
        Assert.Contains(
            "The device was already signed out. Confirmed by 1 of 1 node",
            await visitors[0].ReadAsync("/account/sessions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A16_Sign_in_after_a_restored_backup_succeeds()
    {
        var (id, visitors) = await app.SignInAsync("restored", Password, 1);
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "sign-out")).Dispose();
        await RedisApp.WaitUntilRefusedAsync(visitors[0]);
        var generation = (await app.Database.QueryAsync("SELECT Generation FROM Accounts WHERE Id = $p0", id))
            .Single()[0];
        await app.Database.QueryAsync("UPDATE Accounts SET Generation = 0 WHERE Id = $p0", id);

        Assert.True(await visitors[0].TrySignInAsync("restored", Password));

        Assert.NotNull(await visitors[0].HandleAsync());
        Assert.Equal(
            generation,
            (await app.Database.QueryAsync("SELECT Generation FROM Accounts WHERE Id = $p0", id)).Single()[0]);
        await app.Database.QueryAsync("UPDATE Accounts SET Generation = 0 WHERE Id = $p0", id);
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "disable")).Dispose();
        await RedisApp.WaitUntilRefusedAsync(visitors[0]);
    }

    [Fact]
    public async Task A17_Password_change_without_Redis_requires_sign_in()
    {
        var (id, visitors) = await app.SignInAsync("frozen.password", Password, 2);
        var form = await visitors[0].FormAsync("/account/password", PasswordFields);

        using (var response = await app.WhileFrozenAsync(() => visitors[0].PostAsync("/account/password", form)))
        {
            var page = await response.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains(
                "Your password was changed. All your sessions, including this one, will end. "
                + "Pending: Redis is unavailable",
                page, StringComparison.Ordinal);
            Assert.Contains(
                "Sign in with your new password. The old one no longer works.", page, StringComparison.Ordinal);
        }
        await RedisApp.WaitUntilRefusedAsync(visitors[0]);
        await RedisApp.WaitUntilRefusedAsync(visitors[1]);
        await app.WaitUntilAcknowledgedAsync();
        Assert.False(await visitors[0].TrySignInAsync("frozen.password", Password));
        Assert.True(await visitors[0].TrySignInAsync("frozen.password", AnotherPassword));
        Assert.Single(await app.Database.QueryAsync(
            "SELECT 1 FROM AuditEntries WHERE AccountId = $p0 AND Event = 'password-changed'", id));
    }

    [Fact]
    public async Task A17_Enabling_two_factor_without_Redis_shows_the_codes()
    {
        var (_, visitors) = await app.SignInAsync("frozen.factor", Password, 1);
        var html = await visitors[0].ReadAsync("/account/two-factor");
        var form = await visitors[0].FormAsync(
            "/account/two-factor", TwoFactorForm.FieldsOf(html, key => Totp.Code(key), Password));

        using (var response = await app.WhileFrozenAsync(
            () => visitors[0].PostAsync("/account/two-factor?handler=enable", form)))
        {
            var page = await response.Content.ReadAsStringAsync();
            Assert.Contains(
                "Two-factor sign-in is on. All your sessions, including this one, will end. Pending:", page,
                StringComparison.Ordinal);
            Assert.Contains("Your recovery codes", page, StringComparison.Ordinal);
        }
        await RedisApp.WaitUntilRefusedAsync(visitors[0]);
        await app.WaitUntilAcknowledgedAsync();
    }

    [Fact]
    public async Task A17_Password_change_by_a_killed_node_ends_all_sessions()
    {
        var (id, visitors) = await app.SignInAsync("killed.password", Password, 2);
        var form = await visitors[0].FormAsync("/account/password", PasswordFields);

        await KillAfterAsync(
            () => visitors[0].PostAsync("/account/password", form),
            "SELECT 1 FROM Accounts WHERE Id = $p0 AND Generation > 0", id);

        await RedisApp.WaitUntilRefusedAsync(visitors[0]);
        await RedisApp.WaitUntilRefusedAsync(visitors[1]);
        await app.WaitUntilAcknowledgedAsync();
        Assert.True(await visitors[0].TrySignInAsync("killed.password", AnotherPassword));
    }

    [Fact]
    public async Task A17_Password_change_replaces_the_current_session()
    {
        var (_, visitors) = await app.SignInAsync("new.session", Password, 2);
        var before = await visitors[0].HandleAsync();
        (await visitors[0].SubmitAsync("/account/password", "", PasswordFields)).Dispose();
        Assert.Contains(
            "One other device was signed out. Confirmed by 1 of 1 node",
            await visitors[0].ReadAsync("/account/password"), StringComparison.Ordinal);
        Assert.NotEqual(before, await visitors[0].HandleAsync());
        await RedisApp.WaitUntilRefusedAsync(visitors[1]);
    }

    [Fact]
    public async Task A18_Deletion_by_a_killed_node_ends_the_sessions()
    {
        var (id, visitors) = await app.SignInAsync("deleted.frozen", Password, 1);
        var form = await app.Admin.FormAsync($"/admin/accounts/{id}", new() { ["sure"] = "true" });
        await KillAfterAsync(
            () => app.Admin.PostAsync($"/admin/accounts/{id}?handler=delete", form),
            "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM Accounts WHERE Id = $p0)",
            id);
        await RedisApp.WaitUntilRefusedAsync(visitors[0]);
        await app.WaitUntilAcknowledgedAsync();
    }

    private static Dictionary<string, string> PasswordFields => new()
    {
        ["Input.CurrentPassword"] = Password,
        ["Input.NewPassword"] = AnotherPassword,
        ["Input.ConfirmPassword"] = AnotherPassword,
    };

    /// <summary>Freezes Redis, posts, kills the node once the change is in the database, and restarts it.</summary>
    private async Task KillAfterAsync(Func<Task<HttpResponseMessage>> post, string changed, string accountId)
    {
        app.Redis.Suspend();
        var posting = post();
        await Wait.UntilAsync(
            async () => (await app.Database.QueryAsync(changed, accountId)).Count == 1, "the account has changed");
        app.Kill();
        app.Redis.Resume();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => posting);
        await app.StartAsync();
    }

    private async Task<string> ReadWhenReadyAsync(string page)
    {
        await Wait.UntilAsync(async () =>
        {
            using var response = await app.Admin.GetAsync("/api/me");
            return response.StatusCode == HttpStatusCode.OK;
        }, "the node holds its lease again");
        return await app.Admin.ReadAsync(page);
    }
}
