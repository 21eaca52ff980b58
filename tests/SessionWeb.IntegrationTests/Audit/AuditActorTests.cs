namespace SessionWeb.IntegrationTests.Audit;

public sealed class AuditActorTests(DemoApp app) : IClassFixture<DemoApp>
{
    [Fact]
    public async Task B15_Audit_names_the_actor_by_account_id()
    {
        var id = await app.AddAccountAsync("b15.user", Password);
        var admin = (string)(await app.Database.QueryAsync("SELECT Id FROM Accounts WHERE UserName = 'admin'"))
            .Single()[0]!;
        using var visitor = app.NewVisitor();
        await visitor.TrySignInAsync("b15.user", "wrong horse battery");
        await visitor.TrySignInAsync("b15.user", Password);
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "sign-out")).Dispose();
        var entries = await app.Database.QueryAsync(
            "SELECT \"By\", ById FROM AuditEntries WHERE AccountId = $p0 ORDER BY Id", id);
        Assert.Equal(
            [("admin", admin), (null, null), (null, null), ("admin", admin), ("admin", admin)],
            entries.Select(entry => ((string?)entry[0], (string?)entry[1])));

        Assert.Contains(
            $"""<a href="/admin/accounts/{admin}">admin</a>""",
            await app.Admin.ReadAsync("/admin/audit?account=b15.user"), StringComparison.Ordinal);
        var csv = (await app.Admin.ReadAsync("/admin/audit?account=b15.user&handler=csv")).TrimEnd().Split("\r\n");
        Assert.EndsWith(",by id", csv[0], StringComparison.Ordinal);
        Assert.EndsWith($",{admin}", csv[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task B15_Audit_search_finds_a_renamed_actor()
    {
        var id = await app.AddAccountAsync("b15.before", Password);
        (await app.Admin.SubmitAsync($"/admin/accounts/{id}", "grant-admin")).Dispose();
        using var visitor = app.NewVisitor();
        await visitor.TrySignInAsync("b15.before", Password);
        (await visitor.SubmitAsync("/admin/accounts", "add", new()
        {
            ["Input.UserName"] = "b15.added",
            ["Input.Password"] = Password,
        })).Dispose();
        (await app.Admin.SubmitAsync(
            $"/admin/accounts/{id}", "rename", new() { ["Input.UserName"] = "b15.later" })).Dispose();
        Assert.Contains(
            "b15.added", await app.Admin.ReadAsync("/admin/audit?account=b15.later"), StringComparison.Ordinal);
    }
}
