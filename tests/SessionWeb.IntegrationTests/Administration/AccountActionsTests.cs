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

    private static Task<SessionRead> ReadAsync(AccountsApp app, SessionKey key) =>
        app.WithAsync((ISessionStore s) => s.ReadAsync(key, default));

    [Fact]
    public async Task R35_Disabling_ends_sessions_and_refuses_pending_sign_ins()
    {
        await using var app = await StartAsync();
        var session = await app.StartSessionAsync("alice");
        var earlierCheck = await app.CheckAsync("alice", Password);

        Assert.Equal(
            1,
            (await ActAsync(app, (a, id) => a.DisableAsync(id, "root", message: "Please call us."))).Sessions?.Ended);

        Assert.Equal(
            new SessionEnd(SessionEndReasons.AccountDisabled, "root", "Please call us."),
            (await ReadAsync(app, session)).End! with { At = default });
        Assert.Equal(CreateOutcome.StaleGeneration, (await app.TryStartSessionAsync(earlierCheck)).Outcome);
        Assert.False((await app.CheckAsync("alice", Password)).Succeeded);
        Assert.True((await ActAsync(app, (a, id) => a.EnableAsync(id))).Result.Succeeded);
        Assert.Equal(
            CreateOutcome.Created, (await app.TryStartSessionAsync(await app.CheckAsync("alice", Password))).Outcome);
    }

    [Fact]
    public async Task Account_disabled_until_a_time_is_enabled_at_that_time()
    {
        await using var app = await StartAsync();
        await ActAsync(app, (a, id) => a.DisableAsync(id, "root", DateTimeOffset.UtcNow.AddSeconds(4)));
        Assert.False((await app.CheckAsync("alice", Password)).Succeeded);
        await Wait.UntilAsync(
            async () => (await app.CheckAsync("alice", Password)).Succeeded, "the account is enabled again");
    }

    [Fact]
    public async Task Signing_out_everywhere_can_keep_one_session()
    {
        await using var app = await StartAsync();
        var kept = await app.StartSessionAsync("alice");
        var other = await app.StartSessionAsync("alice");
        Assert.Equal(
            1, (await ActAsync(app, (a, id) => a.SignOutEverywhereAsync(id, "alice", keep: kept.Handle)))?.Ended);
        Assert.Equal(
            new SessionEnd(SessionEndReasons.RevokedByYou), (await ReadAsync(app, other)).End! with { At = default });
        Assert.Equal(1, (await ActAsync(app, (a, id) => a.SignOutEverywhereAsync(id, "root", "Good night.")))?.Ended);
        Assert.Equal(
            new SessionEnd(SessionEndReasons.RevokedByAdmin, "root", "Good night."),
            (await ReadAsync(app, kept)).End! with { At = default });
    }

    [Fact]
    public async Task Action_on_an_unknown_account_returns_null()
    {
        await using var app = await StartAsync();
        Assert.Equal(
            AccountResult.NoAccount, await app.WithAsync((AccountActions a) => a.DisableAsync("unknown", "root")));
        Assert.Null(await app.WithAsync((AccountActions a) => a.SignOutEverywhereAsync("unknown", "root")));
        Assert.Equal(AccountResult.NoAccount, await app.WithAsync((AccountActions a) => a.EnableAsync("unknown")));
    }

    [Fact]
    public async Task R35_Sign_in_during_a_disable_leaves_no_session()
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
