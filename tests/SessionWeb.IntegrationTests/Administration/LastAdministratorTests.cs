using Microsoft.EntityFrameworkCore;
using SessionWeb.Administration;
using SessionWeb.Audit;
using SessionWeb.Data;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Administration;

public sealed class LastAdministratorTests
{
    [Fact]
    public async Task Last_enabled_administrator_keeps_role_and_account()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("root", Password, Roles.Admin);
        await app.AddAsync("other", Password, Roles.Admin);
        var root = (await app.AccountAsync("root")).Id;
        var session = await app.StartSessionAsync("root");
        await app.ChangeAsync("other", a => a.DisabledAt = DateTimeOffset.UtcNow);

        Assert.Equal(
            AccountResult.LastAdministrator,
            await app.WithAsync((AccountActions a) => a.DisableAsync(root, "other")));
        Assert.Equal(
            AccountResult.LastAdministrator.Error,
            (await app.WithAsync((AccountActions a) => a.DeleteAsync(root, "other")))!.Error);
        Assert.Equal(
            AccountResult.LastAdministrator,
            await app.WithAsync((AccountActions a) => a.RemoveRoleAsync(root, Roles.Admin, "other")));

        Assert.True((await app.CheckAsync("root", Password)).Principal!.IsInRole(Roles.Admin));
        Assert.NotNull((await app.WithAsync((ISessionStore s) => s.ReadAsync(session, default))).Session);
        Assert.DoesNotContain(
            await app.WithAsync((AppDbContext d) => d.AuditEntries.ToListAsync()),
            e => e.AccountName == "root" && e.Event != AuditEvents.AccountAdded);
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("demote")]
    [InlineData("delete")]
    public async Task Concurrent_actions_on_two_administrators_keep_one(string action)
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("one", Password, Roles.Admin);
        await app.AddAsync("two", Password, Roles.Admin);
        string[] ids = [(await app.AccountAsync("one")).Id, (await app.AccountAsync("two")).Id];
        var outcomes = await Task.WhenAll(ids.Select(id => Task.Run(() => app.WithAsync(
            async (AccountActions a) => action switch
            {
                "disable" => (await a.DisableAsync(id, "the other")).Result.Succeeded,
                "demote" => (await a.RemoveRoleAsync(id, Roles.Admin, "the other")).Result.Succeeded,
                _ => (await a.DeleteAsync(id, "the other"))!.Deleted,
            }))));
        Assert.Single(outcomes, done => done);
        Assert.Single(
            new[] { await app.CheckAsync("one", Password), await app.CheckAsync("two", Password) },
            c => c.Principal?.IsInRole(Roles.Admin) == true);
    }
}
