using SessionWeb.Administration;
using SessionWeb.Sessions;

namespace SessionWeb.IntegrationTests.Administration;

public sealed class AccountActionsTests
{
    private static async Task<AccountsApp> StartAsync()
    {
        var app = await AccountsApp.StartAsync();
        await app.AddAsync("alice", Password);
        return app;
    }

    private static async Task<T> ActAsync<T>(AccountsApp app, Func<AccountActions, string, Task<T>> act)
    {
        var id = (await app.AccountAsync("alice")).Id;
        return await app.WithAsync((AccountActions a) => act(a, id));
    }

    private static Task<SessionRead> ReadAsync(AccountsApp app, SessionKey key) => app.WithAsync((ISessionStore s) => s.ReadAsync(key, default));

    [Fact]
    public async Task R35_Disabling_ends_every_session_and_refuses_the_sign_in_under_way()
    {
        await using var app = await StartAsync();
        var session = await app.StartSessionAsync("alice");
        var underWay = await app.CheckAsync("alice", Password);

        Assert.Equal(1, (await ActAsync(app, (a, id) => a.DisableAsync(id, "root", message: "Please call us.")))?.Ended);

        Assert.Equal(
            new SessionEnd(SessionEndReasons.AccountDisabled, "root", "Please call us."),
            (await ReadAsync(app, session)).End! with { At = default });
        Assert.Equal(CreateOutcome.StaleGeneration, (await app.TryStartSessionAsync(underWay)).Outcome);
        Assert.False((await app.CheckAsync("alice", Password)).Succeeded);
        Assert.NotNull(await ActAsync(app, (a, id) => a.EnableAsync(id)));
        Assert.Equal(CreateOutcome.Created, (await app.TryStartSessionAsync(await app.CheckAsync("alice", Password))).Outcome);
    }

    [Fact]
    public async Task Account_that_is_disabled_until_a_time_opens_by_itself()
    {
        await using var app = await StartAsync();
        await ActAsync(app, (a, id) => a.DisableAsync(id, "root", DateTimeOffset.UtcNow.AddSeconds(4)));
        Assert.False((await app.CheckAsync("alice", Password)).Succeeded);
        await Eventually.TrueAsync(async () => (await app.CheckAsync("alice", Password)).Succeeded, "the account is open again");
    }

    [Fact]
    public async Task Signing_out_everywhere_tells_who_did_it_and_can_spare_one()
    {
        await using var app = await StartAsync();
        var kept = await app.StartSessionAsync("alice");
        var other = await app.StartSessionAsync("alice");
        Assert.Equal(1, (await ActAsync(app, (a, id) => a.SignOutEverywhereAsync(id, "alice", keep: kept.Handle)))?.Ended);
        Assert.Equal(new SessionEnd(SessionEndReasons.RevokedByYou), (await ReadAsync(app, other)).End! with { At = default });
        Assert.Equal(1, (await ActAsync(app, (a, id) => a.SignOutEverywhereAsync(id, "root", "Good night.")))?.Ended);
        Assert.Equal(new SessionEnd(SessionEndReasons.RevokedByAdmin, "root", "Good night."), (await ReadAsync(app, kept)).End! with { At = default });
    }

    [Fact]
    public async Task Account_that_is_not_there_is_not_acted_on()
    {
        await using var app = await StartAsync();
        Assert.Null(await app.WithAsync((AccountActions a) => a.DisableAsync("nobody", "root")));
        Assert.Null(await app.WithAsync((AccountActions a) => a.SignOutEverywhereAsync("nobody", "root")));
        Assert.Null(await app.WithAsync((AccountActions a) => a.EnableAsync("nobody")));
    }

    [Fact]
    public async Task R35_Sign_ins_racing_a_disable_leave_no_session()
    {
        await using var app = await StartAsync();
        for (var round = 0; round < 5; round++)
        {
            var signingIn = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                if (await app.CheckAsync("alice", Password) is { Succeeded: true } check)
                    await app.TryStartSessionAsync(check);
            })).ToList();
            await ActAsync(app, (a, id) => a.DisableAsync(id, "root"));
            await Task.WhenAll(signingIn);
            var tag = AccountTag.For((await app.AccountAsync("alice")).Id);
            Assert.Empty(await app.WithAsync((ISessionStore s) => s.ListAsync([tag], default)));
            await ActAsync(app, (a, id) => a.EnableAsync(id));
        }
    }
}
