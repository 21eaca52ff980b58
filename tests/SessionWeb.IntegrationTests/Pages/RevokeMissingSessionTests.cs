using System.Net;

namespace SessionWeb.IntegrationTests.Pages;

/// <summary>Revocations of missing sessions: the pages record and apply them, or refuse them.</summary>
public sealed class RevokeMissingSessionTests(DemoApp app) : IClassFixture<DemoApp>
{
    private const string Unused = "AAAAAAAAAAAA";

    [Fact]
    public async Task A03_Revoking_an_unlisted_session_is_recorded()
    {
        var id = await app.AddAccountAsync("not.listed", Password);
        (await app.Admin.SubmitAsync(
            "/admin/sessions", "revoke", new() { ["account"] = id, ["id"] = Unused })).Dispose();
        Assert.Contains(
            "The session had already ended.", await app.Admin.ReadAsync("/admin/sessions"), StringComparison.Ordinal);
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "revoke", new() { ["session"] = Unused })).Dispose();
        Assert.Contains(
            "The session had already ended.", await app.Admin.ReadAsync($"/admin/accounts/{id}"),
            StringComparison.Ordinal);
        Assert.Equal(
            2,
            (await app.Database.QueryAsync("SELECT Reason FROM RevocationIntents WHERE Handle = $p0", Unused)).Count);
        Assert.Equal(2, (await app.AuditAsync("not.listed")).Count(entry => entry.Event == "session-revoked"));
    }

    [Theory]
    [InlineData("unknown", "BBBBBBBBBBBB")]
    [InlineData(null, "not a handle")]
    public async Task A03_Unknown_account_or_malformed_handle_records_nothing(string? account, string handle)
    {
        account ??= await app.AddAccountAsync($"malformed{handle.Length}", Password);
        using var response = await app.Admin.SubmitAsync(
            "/admin/sessions", "revoke", new() { ["account"] = account, ["id"] = handle });
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        using var own = await app.Admin.SubmitAsync("/account/sessions", "revoke", new() { ["id"] = "not a handle" });
        Assert.Equal(HttpStatusCode.NotFound, own.StatusCode);
        Assert.Empty(await app.Database.QueryAsync("SELECT Id FROM RevocationIntents WHERE Handle = $p0", handle));
    }

    [Fact]
    public async Task A03_Revoking_another_users_session_returns_404()
    {
        await app.AddAccountAsync("a03.mallory", Password);
        using var mallory = app.NewVisitor();
        await mallory.TrySignInAsync("a03.mallory", Password);
        var victim = (await app.Admin.HandleAsync())!;
        using var response = await mallory.SubmitAsync("/account/sessions", "revoke", new() { ["id"] = victim });
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(victim, await app.Admin.HandleAsync());
        Assert.Contains(("access-denied", null, "not-own-session", null), await app.AuditAsync("a03.mallory"));
    }

    [Fact]
    public async Task A18_Session_without_an_account_is_refused()
    {
        var id = await app.AddAccountAsync("orphan", Password);
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "grant-admin")).Dispose();
        foreach (var page in new[]
        {
            "/admin/sessions", "/account/profile", "/account/password", "/account/two-factor", "/account/sessions",
        })
        {
            using var visitor = app.NewVisitor();
            await visitor.TrySignInAsync("orphan", Password);
            await app.Database.QueryAsync(
                "PRAGMA foreign_keys = OFF; UPDATE Accounts SET Id = 'gone', ConcurrencyStamp = $p0 WHERE Id = $p1",
                page, id);
            using (var response = await visitor.GetAsync(page))
            {
                Assert.True(
                    response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Found,
                    $"{page}: {response.StatusCode}");
            }

            Assert.Null(await visitor.HandleAsync());
            await app.Database.QueryAsync(
                "PRAGMA foreign_keys = OFF; UPDATE Accounts SET Id = $p0 WHERE Id = 'gone'", id);
        }
    }
}
